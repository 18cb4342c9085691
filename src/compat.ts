/**
 * The classes of smile-identity-core 3.2.1, on every runtime: switch by changing the import, and the two
 * methods of `Signature` that became promises.
 *
 * Constructors, methods, argument orders, validations with their order and messages, and reply shapes are
 * those of 3.2.1; so is what goes out, but for what stands here. smile_id_core's names (Python) are beside
 * them.
 *
 * What differs, first as it was in smile-identity-core 3.2.1, then as it is here:
 *
 * - `generate_signature`, `confirm_signature`: synchronous → promises; a number is returned as the text that
 *   was signed, and what is malformed is `false`, never a throw.
 * - Image types 2, 3, 6, 7 (base64): inline in `info.json` → files of the zip, under the types 0, 1, 4, 5. So
 *   are paths under 4 and 5, which it sent as text.
 * - `image`: a path or base64 → also bytes, a Blob, a stream; a path where there are no files, or base64 that
 *   is none, is an error before anything is sent.
 * - Names in the zip: those of the files, two of one name became one → made here, one for each.
 * - Prep upload: repeats all of `id_info` at its top → says nothing of the person.
 * - `info.json`: `"firstName": "Bill"`, and no `signature` → no name; timestamp and signature of the prep
 *   upload.
 * - `source_sdk`: `javascript`, 3.2.1 → `rest_api`, 1.0.0.
 * - Options of `get_job_status`: `history`, `image_links` left out when not said → always sent, `false` by
 *   default; `return_image_links` is known, too.
 * - `return_job_status`: polls for ever while calls fail, and forgets `smile_job_id` → 22 polls, errors among
 *   them; adds `success` and `smile_job_id`.
 * - `pollJobStatus`: signs once, believes any reply → signs each poll, checks each reply, and ends at once
 *   where asking again cannot help.
 * - Replies of lookups: not checked → signature, and that it is this job's.
 * - Errors of the service: axios errors, which hold the request → SDK errors, which hold nothing personal;
 *   `response.status`, `response.data.code` and `.error` are there.
 * - Repeats: none → calls that cannot bill twice, as in the rest of the SDK.
 * - `sid_server` as a URL: must end in `/v1`, https whatever it says → with or without `/v1`, no other path;
 *   http on this machine.
 * - `id_info`, `options` as `null`: `TypeError` → as if left out. Ids of images as text: not recognised →
 *   recognised.
 * - `job_type: '5abc'`: read as 5 → refused.
 * - Upload address: any → https to S3, the API's host, or `allowedUploadHosts`.
 * - `signature: false` among the options: ignored → signs with a sec_key.
 * - `api_key` and the rest on the objects: readable → out of sight.
 *
 * A call that only smile_id_core's users can have written has smile_id_core's defaults: `use_validation_api`
 * is true, and a sec_key signs where the key is an RSA key. Whose a call is:
 *
 * - `new IdApi(…).submit_job(…)`: Python's, by the name.
 * - `Utilities.get_job_status(partner_params, options, sec_params)`: Python's, by its first argument.
 * - `Utilities.validate_id_params`, `validate_partner_params`, `get_smile_id_services`, `generate_sec_key`:
 *   Python's; JavaScript has none.
 * - All calls of `WebApi`: JavaScript's, since the same text is written in both, `signature` among its
 *   options. Say `use_validation_api`, and `signature: false`.
 *
 * `generate_sec_key` takes seconds, as it did, and `confirm_sec_key` does check. Where smile_id_core raised
 * ValueError or FileNotFoundError there is `SmileIdInputError` (`ValueError` here; a missing file has the
 * path `image_details[0].image`), and `ServerError` is `SmileIdApiError`.
 *
 * @module
 */
export type { CompatExtras } from './compat/client.ts'
export type { CompatError } from './compat/errors.ts'
export { IDApi, IdApi } from './compat/id-api.ts'
export { Signature } from './compat/signature.ts'
export {
  IMAGE_TYPE,
  JOB_TYPE,
  type ImageDetail,
  type OldIdInfo,
  type OldOptions,
  type OldPartnerParams,
  type SecParams,
  type WebTokenRequest,
} from './compat/types.ts'
export { Utilities } from './compat/utilities.ts'
export { WebApi } from './compat/web-api.ts'
export { SmileIdApiError as ServerError, SmileIdInputError as ValueError } from './errors/classes.ts'
