/** What tests of ID verification begin with. */

let jobs = 0
/** Another one each time. */
export const newJobId = (): string => `j${++jobs}`

export const job = (id_number: string, more: object = {}, params: object = {}): any => ({
  partner_params: { user_id: 'u1', job_id: newJobId(), ...params },
  id_info: { country: 'NG', id_type: 'BVN', id_number, ...more },
})
