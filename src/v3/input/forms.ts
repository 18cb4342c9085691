/** Inputs that come in several forms. */

/** All members that one of the forms has, for one schema; those that another form lacks are optional. */
export type MembersOfAny<U> = {
  [name in U extends unknown ? keyof U : never]: MemberOf<U, name>
}

type MemberOf<U, name> = U extends unknown ? (name extends keyof U ? U[name] : undefined) : never
