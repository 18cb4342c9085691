/** The person of Smile ID's own samples. */
export const PERSON: Readonly<Record<string, string>> = {
  FullName: 'DOE LEO JOE',
  DOB: '2000-09-20',
  Gender: 'Male',
  PhoneNumber: '0123456789',
  PhoneNumber2: 'Not Available',
  ExpirationDate: '2030-02-13',
  Address: '1 Example Street',
  Photo: 'Not Available',
}
