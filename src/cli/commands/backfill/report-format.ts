/** Texts and numbers of the report. */
import { printable } from '../../text.ts'

export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** 1234567 as 1,234,567, whatever the language of the machine. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
