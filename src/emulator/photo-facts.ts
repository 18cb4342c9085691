/** What a look at a photo tells, without its pixels. */
export interface PhotoFacts {
  /** `other` are pictures, too, which the service does not decode. */
  kind: 'jpeg' | 'png' | 'other'
  /** Whether all of it is there and fits together. */
  whole: boolean
  /** In pixels, as its header says. */
  width: number
  height: number
}
