/** What a form is drawn from: what was typed, and what was wrong with it (by field name; '' = the form as a whole). */
export interface FormState {
  values: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
}

export const emptyForm: FormState = { values: {}, errors: {} }
