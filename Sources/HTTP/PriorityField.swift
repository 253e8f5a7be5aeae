internal import Bytes

/// The field `Priority` (RFC 9218).
public enum PriorityField {
    /// The urgency that a value asks for: 0, the most urgent, to 7 (§4.1); nil where it names none that is valid, which
    /// means 3.
    public static func urgency(in value: RawSpan) -> Int? {
        var urgency: Int?
        FieldList.forEachMember(in: value) { member in
            guard member.byteCount >= 2, member.byte(at: 0) == UInt8(ascii: "u"),
                member.byte(at: 1) == UInt8(ascii: "=")
            else { return true }
            // A dictionary's later member counts (RFC 9651 §3.2); parameters after the digit say nothing here.
            let digit = member.byteCount > 2 ? member.byte(at: 2) &- UInt8(ascii: "0") : 8
            let isWhole = member.byteCount == 3 || (member.byteCount > 3 && member.byte(at: 3) == UInt8(ascii: ";"))
            urgency = isWhole && digit < 8 ? Int(digit) : nil
            return true
        }
        return urgency
    }
}
