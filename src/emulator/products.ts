/** What the service supports: `GET /v1/services`, `POST /v1/products_config` and `/v1/valid_documents`. */
import { tell } from './answers.ts'
import type { Answer } from './model.ts'
import { servicesDocument } from './services-document.ts'

export function services(): Answer {
  return tell(servicesDocument())
}

export function productsConfig(): Answer {
  const { basic_kyc, biometric_kyc, enhanced_kyc, doc_verification } = servicesDocument().hosted_web
  return tell({
    consentRequired: { NG: ['NIN_V2', 'BVN_MFA'] },
    idSelection: {
      basic_kyc: idTypesByCountry(basic_kyc),
      biometric_kyc: idTypesByCountry(biometric_kyc),
      enhanced_kyc: idTypesByCountry(enhanced_kyc),
      doc_verification: idTypesByCountry(doc_verification),
    },
  })
}

function idTypesByCountry(countries: Record<string, { id_types: object }>): Record<string, string[]> {
  const entries = Object.entries(countries)
  return Object.fromEntries(entries.map(([country, { id_types }]) => [country, Object.keys(id_types)]))
}

export function validDocuments(): Answer {
  const countries = Object.entries(servicesDocument().hosted_web.doc_verification)
  return tell({
    valid_documents: countries.map(([code, { name, id_types }]) => ({
      country: { name, continent: 'Africa', code },
      id_types: [
        ...Object.entries(id_types).map(([type, { label }]) => validDocument(type, label)),
        { name: 'Others', code: '', has_back: true, example: [] },
      ],
    })),
  })
}

function validDocument(code: string, name: string) {
  return { name, code, has_back: code !== 'PASSPORT', example: [] }
}
