/** What the service supports, as v3 says it. */

export interface BankCode {
  code: string
  country: string
  name: string
  [field: string]: unknown
}

/** One type can stand there several times, with other formats (operators, banks). */
export interface SupportedIdType {
  country: string
  type: string
  label: string
  /** Without delimiters. */
  regex: string
  required_fields?: string[]
  bank_code?: string
  [field: string]: unknown
}

export interface SupportedIdTypes {
  id_types: SupportedIdType[]
  [field: string]: unknown
}

export interface SupportedDocuments {
  valid_documents: {
    country: { code: string; name: string; continent: string }
    id_types: {
      /** May be empty: "Others". */
      code: string
      name: string
      example: string[]
      has_back: boolean
      [field: string]: unknown
    }[]
  }[]
  [field: string]: unknown
}

/** Rates are texts with a percent sign. */
export interface IdStatus {
  last_checked: string
  last_check_status: 'success' | 'failure'
  last_hour_success_rate: string
  last_known_status: string
  last_check_success_rate: string
  [field: string]: unknown
}
