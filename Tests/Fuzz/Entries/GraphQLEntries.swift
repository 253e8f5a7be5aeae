import Bytes
import Gateway
import GraphQL
import JSON
import Planning

/// An executable document: what is parsed prints to a text that parses, and prints the same again.
func fuzzDocument(_ bytes: [UInt8]) {
    let source = Source(bytes: bytes)
    let document: Document
    do throws(GraphQLSyntaxError) {
        document = try Parser.parseDocument(source, tokenLimit: 10_000)
    } catch {
        precondition(Int(error.offset) <= bytes.count, "the error is outside of the document")
        _ = source.location(at: error.offset)
        return
    }
    precondition(document.tokenCount <= bytes.count, "there are more tokens than bytes")
    let printed = Printer.print(document)
    guard let again = try? Parser.parseDocument(Source(printed)) else {
        preconditionFailure("what is printed can't be parsed")
    }
    precondition(Printer.print(again) == printed, "printing isn't stable")
}

/// An SDL document: a schema that is built prints to a text that builds the same.
func fuzzSchema(_ bytes: [UInt8]) {
    guard let document = try? Parser.parseSchemaDocument(Source(bytes: bytes)) else { return }
    let printed = Printer.print(document)
    guard let again = try? Parser.parseSchemaDocument(Source(printed)) else {
        preconditionFailure("what is printed can't be parsed")
    }
    precondition(Printer.print(again) == printed, "printing isn't stable")
    guard let schema = try? Schema.build(documents: [document]) else { return }
    let text = SchemaPrinter.print(schema)
    guard let copy = try? Schema.build(documents: [Parser.parseSchemaDocument(Source(text))]) else {
        preconditionFailure("the printed schema can't be built:\n\(text)")
    }
    precondition(SchemaPrinter.print(copy) == text, "printing the schema isn't stable")
}

/// Variables as a request sends them: what is coerced is of its type.
func fuzzVariables(_ bytes: [UInt8]) {
    let text = buffer(bytes)
    guard (try? text.validateJSON()) != nil, case .object(let members) = VariableValues.parse(text),
        let operation = Fixture.variables
    else { return }
    do throws(VariableCoercionError) {
        let values = try Fixture.schema.coerceVariableValues(of: operation, values: members)
        for definition in operation.variables {
            let type = definition.type.reference
            if let value = values[definition.name.value] {
                precondition(isOf(type, value), "$\(definition.name.value) is no \(type)")
            } else {
                precondition(!type.isNonNull, "$\(definition.name.value) has no value")
            }
        }
    } catch {
        precondition(!error.problems.isEmpty && error.problems.count <= VariableCoercionError.maximumProblems)
    }
}

/// Whether a coerced value is of its type, by the words of GraphQL §3.5 to §3.12 alone.
private func isOf(_ type: TypeReference, _ value: InputValue) -> Bool {
    if value == .null { return !type.isNonNull }
    if let itemType = type.itemType {
        guard case .list(let items) = value else { return false }
        return items.allSatisfy { isOf(itemType, $0) }
    }
    guard let named = Fixture.schema.type(of: type) else { return false }
    switch (named.name, named.kind, value) {
    case ("Int", _, .int(let number)): return Int32(exactly: number) != nil
    case ("Float", _, .float(let number)): return number.isFinite
    case ("String", _, .string), ("ID", _, .string), ("Boolean", _, .boolean): return true
    case ("Any", _, _): return true
    case (_, .enum, .enum(let name)): return named.values[name] != nil
    case (_, .inputObject, .object(let members)):
        if named.isOneOf, members.count != 1 || members.first?.value == .null { return false }
        let isKnown = members.allSatisfy { member in
            named.inputFields[member.name].map { isOf($0.type, member.value) } ?? false
        }
        return isKnown
            && named.inputFields.allSatisfy { field in
                !field.type.isNonNull || members.contains { $0.name == field.name }
            }
    default: return false
    }
}

/// A request's document, all the way to its plans for every profile.
func fuzzPlanning(_ bytes: [UInt8]) {
    guard let document = try? Parser.parseDocument(Source(bytes: bytes), tokenLimit: 10_000),
        Validator.validate(document, against: Fixture.schema).isEmpty, let mapping = Fixture.mapping
    else { return }
    let planner = Planner(mapping: mapping)
    for operation in document.operations {
        let entry = OperationEntry(document: document, operation: operation)
        for profile in mapping.profiles.profiles {
            guard let plan = try? planner.plan(entry, profile: profile) else { continue }
            let explained = Explanation(plan)
            precondition(explained.calls.count == plan.fetches.count, "a fetch isn't explained")
        }
    }
}
