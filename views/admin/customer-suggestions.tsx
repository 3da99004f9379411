/** Of customers, for fields that take the id of one. */
export type Suggested = readonly { id: string; name: string }[]

/** What such fields suggest, once a page. */
export const Suggestions = ({ customers }: { customers: Suggested }) => (
  <datalist id="customer-suggestions">
    {customers.map(customer => (
      <option value={customer.id}>{customer.name}</option>
    ))}
  </datalist>
)
