import GraphQL
import Testing

/// The schema that the rules' tests share: that of the specification's examples, and what they leave out.
let validationSchema: Result<Schema, any Error> = Result {
    try schema(
        """
        type Query {
          dog: Dog
          findDog(searchBy: FindDogInput): Dog
          human: Human
          pet: Pet
          catOrDog: CatOrDog
          humanOrAlien: HumanOrAlien
          arguments: Arguments
          booleanList(booleanListArg: [Boolean!]): Boolean
          search(by: SearchBy): Pet
          any(value: Any): Int
          nested: Nested
        }
        type Mutation { addPet(pet: PetInput!): Pet addPets(pets: [PetInput!]!): [Pet] }
        type Subscription { newMessage(room: ID): Message disallowedSecondRootField: Boolean }
        type Message { body: String sender: String }
        enum DogCommand { SIT DOWN HEEL }
        type Dog implements Pet {
          name: String!
          nickname: String
          barkVolume: Int
          doesKnowCommand(dogCommand: DogCommand!): Boolean!
          isHouseTrained(atOtherHomes: Boolean): Boolean!
          owner: Human
          mother: Dog
        }
        interface Sentient { name: String! }
        interface Pet { name: String! }
        type Alien implements Sentient { name: String! homePlanet: String }
        type Human implements Sentient { name: String! pets: [Pet!] }
        enum CatCommand { JUMP }
        type Cat implements Pet {
          name: String!
          nickname: String
          doesKnowCommand(catCommand: CatCommand!): Boolean!
          meowVolume: Int
          mother: Cat
        }
        union CatOrDog = Cat | Dog
        union HumanOrAlien = Human | Alien
        input FindDogInput { name: String owner: String age: Int = 3 tags: [String!] }
        input PetInput @oneOf { cat: CatInput dog: DogInput name: String }
        input CatInput { name: String! nickname: String meowVolume: Int }
        input DogInput { name: String! nickname: String barkVolume: Int }
        input SearchBy { id: ID! pet: PetInput }
        scalar Any
        type Arguments {
          multipleRequirements(x: Int!, y: Int!): Int!
          booleanArgField(booleanArg: Boolean): Boolean
          floatArgField(floatArg: Float): Float
          intArgField(intArg: Int): Int
          nonNullBooleanArgField(nonNullBooleanArg: Boolean!): Boolean!
          nonNullBooleanListField(nonNullBooleanList: [Boolean]!): [Boolean]
          optionalNonNullBooleanArgField(optionalBooleanArg: Boolean! = false): Boolean!
          idArgField(idArg: ID): ID
          enumArgField(command: DogCommand): Int
        }
        type Nested { a: Nested b: Nested c: Int d(x: Int): Int list: [Nested] }
        directive @onField(x: Int) repeatable on FIELD
        directive @onQuery on QUERY
        directive @onVariable on VARIABLE_DEFINITION
        """)
}

/// `line:column,… message` of each error of a document.
func validationErrors(
    _ text: String, allowsIntrospection: Bool = true, schema: Schema? = nil
) throws -> [String] {
    let document = try Parser.parseDocument(Source(text), maximumDepth: 200)
    let errors = Validator.validate(
        document, against: try schema ?? validationSchema.get(), allowsIntrospection: allowsIntrospection)
    return errors.map { error in
        let places = error.offsets.map { offset in
            let location = document.source.location(at: offset)
            return "\(location.line):\(location.column)"
        }
        return (places.isEmpty ? "" : places.joined(separator: ",") + " ") + error.message
    }
}
