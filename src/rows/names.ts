/** What the members of a row are called in a file, and which columns may have been meant. */
import type { BackfillInput } from '../backfill/input.ts'

/** What the members of a row are called in a file. */
export type Names = Record<keyof BackfillInput, string>

export const DEFAULT_NAMES: Names = {
  user_id: 'user_id',
  user_created_at: 'user_created_at',
  photo: 'photo',
}

export const MEMBERS = Object.keys(DEFAULT_NAMES) as (keyof Names)[]

/** Usual names elsewhere, as `plainName` has them, the surest first. They are proposed, never taken. */
const SYNONYMS: Record<keyof Names, readonly string[]> = {
  user_id: [
    'id',
    'uid',
    'uuid',
    'user',
    'customerid',
    'customernumber',
    'customerno',
    'customer',
    'clientid',
    'client',
    'memberid',
    'member',
    'accountid',
    'accountnumber',
    'account',
    'externalid',
    'personid',
    'partneruserid',
    'employeeid',
    'username',
    'userref',
    'reference',
    'users',
  ],
  user_created_at: [
    'createdat',
    'created',
    'createdon',
    'createddate',
    'createdtime',
    'creationdate',
    'datecreated',
    'usercreated',
    'registeredat',
    'registered',
    'registeredon',
    'registrationdate',
    'signupdate',
    'signedupat',
    'signup',
    'joinedat',
    'joined',
    'datejoined',
    'joindate',
    'enrolledat',
    'enrolled',
    'openedat',
    'opened',
    'takenat',
    'date',
    'datetime',
    'timestamp',
    'time',
  ],
  photo: [
    'photos',
    'photofile',
    'photopath',
    'photoname',
    'photourl',
    'selfie',
    'selfieimage',
    'image',
    'imagefile',
    'imagename',
    'imagepath',
    'imageurl',
    'images',
    'picture',
    'picturepath',
    'portrait',
    'avatar',
    'profilephoto',
    'profilepicture',
    'photograph',
    'face',
    'filename',
    'filepath',
    'file',
    'path',
    'jpg',
    'jpeg',
  ],
}

/** A name without what people and programs write in different ways: case, spaces, `_`, `-`, `.`. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.\-\u200b-\u200d\u2060\ufeff]+/g, '')
}

/** Whether a column has one of the names, or one like it. */
export function matchesAny(column: string, names: readonly string[]): boolean {
  const plain = plainName(column)
  return names.some((name) => plainName(name) === plain) || isSynonym(plain)
}

function isSynonym(plain: string): boolean {
  return MEMBERS.some((member) => SYNONYMS[member].includes(plain))
}

/** Where a column of this name stands: exactly so, else by the only name that differs in case or spaces. */
export function findColumn(columns: readonly string[], name: string): ColumnSearch {
  const exact = columns.indexOf(name)
  if (exact >= 0) return { found: exact }
  const plain = plainName(name)
  const alike = [...columns.keys()].filter((column) => plainName(columns[column]!) === plain)
  if (alike.length > 1) return { alike: alike.map((column) => columns[column]!) }
  return alike.length === 1 ? { found: alike[0]! } : {}
}

export interface ColumnSearch {
  found?: number
  /** Several that differ in case or spaces alone: nobody can tell which one is meant. */
  alike?: string[]
}

/** The column that may have been meant by each name that is missing, if there is just one. */
export function proposals(
  columns: readonly string[],
  missing: readonly (keyof Names)[],
): { member: keyof Names; column: string | undefined }[] {
  return missing.map((member) => {
    const synonyms = SYNONYMS[member]
    const fitting = columns.filter((column) => synonyms.includes(plainName(column)))
    const byRank = fitting.sort((a, b) => synonyms.indexOf(plainName(a)) - synonyms.indexOf(plainName(b)))
    return { member, column: byRank[0] }
  })
}
