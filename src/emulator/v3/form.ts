/** The parts of a body, by name. */
import type { Part } from './multipart.ts'

export class Form {
  readonly parts: readonly Part[]

  constructor(parts: readonly Part[]) {
    this.parts = parts
  }

  /** The text of a part that is no file; of several, the last. */
  text(name: string): string | undefined {
    const part = this.#named(name)
      .filter(({ filename }) => filename === undefined)
      .at(-1)
    return part && new TextDecoder().decode(part.bytes)
  }

  /** The value of a part that is JSON; `undefined` for one that is none. */
  json(name: string): unknown {
    const text = this.text(name)
    if (text === undefined) return undefined
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  }

  has(name: string): boolean {
    return this.#named(name).length > 0
  }

  /** How often the name stands there. */
  count(name: string): number {
    return this.#named(name).length
  }

  files(name: string): Part[] {
    return this.#named(name).filter(({ filename }) => filename !== undefined)
  }

  #named(name: string): Part[] {
    return this.parts.filter((part) => part.name === name)
  }
}

export const EMPTY_FORM = /* @__PURE__ */ new Form([])
