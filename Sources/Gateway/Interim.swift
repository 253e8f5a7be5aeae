// What follows in the next commit: validation. Until then nothing is refused here.
internal import GraphQL

enum Validator {
    struct P { var message: String; var offsets: [UInt32] }
    static func validate(_ document: Document, against schema: Schema, allowsIntrospection: Bool) -> [P] { [] }
}
