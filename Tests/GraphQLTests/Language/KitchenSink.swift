/// Documents that use every production of the grammar, written as the printer writes them.
enum KitchenSink {
    static let executable = #"""
        "Finds users."
        query find("Which." $id: ID!, $on: Site = MOBILE @onVariable, $list: [[Int!]!] = [[1], []]) @onQuery(deep: {a: [1, 2.5e3, "x\n\"", true, null, ENUM]}) {
          whoever: node(id: [123, 456]) {
            id
            ... on User @onInlineFragment {
              field2(first: 10, after: $on) @include(if: $foo) {
                id
                ...frag @onFragmentSpread(size: $size)
              }
            }
            ... @skip(unless: $foo) {
              id
            }
            ... {
              id
            }
          }
        }

        mutation likeStory @onMutation {
          like(story: 123, note: """
          block
            "with" quotes \"""
          """) @onField
        }

        subscription StoryLikes($input: Input = {k: "v", empty: {}}) {
          like(input: $input)
        }

        """
        A fragment
        over two lines
        """
        fragment frag on Friend @onFragmentDefinition {
          foo(size: -1, bar: "", empty: """""", obj: {key: "\u0007", block: """one line"""})
        }

        {
          unnamed(truthy: true, falsy: false, nullish: null)
          query
        }

        """#

    static let schema = #"""
        """The schema."""
        schema @onSchema {
          query: Query
          mutation: Mutation
        }

        extend schema @more {
          subscription: Subscription
        }

        """
        A type
          indented
        """
        type Foo implements Bar & Baz @onObject {
          "Text"
          one: Type
          two(argument: Input! = {a: 1}): [Type!]! @deprecated(reason: "old")
          three(
            "About it"
            first: Int = 1 @onArgument
            second: [String]
          ): Int
        }

        type Empty

        extend type Foo @again

        extend type Foo implements More

        interface Bar implements Baz {
          one: Type
        }

        extend interface Bar {
          more: Int
        }

        union Feed @onUnion = Story | Article

        union Nothing

        extend union Feed = Photo

        scalar Date @specifiedBy(url: "https://example.com/date")

        extend scalar Date @onScalar

        enum Site @onEnum {
          "Large"
          DESKTOP @onValue
          MOBILE
        }

        extend enum Site {
          VR
        }

        input Input @oneOf {
          """A key."""
          key: String! @onInputField
          answer: Int = 42
        }

        extend input Input {
          other: Float = 1.23e4
        }

        directive @skip(if: Boolean! @onArgument) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        directive @plain on VARIABLE_DEFINITION

        """#
}
