import { paths } from '../../src/paths.ts'

const keys: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['?'], does: 'this page' },
  { keys: ['/'], does: 'the search field “Find navigation item”' },
  { keys: ['g', 'h'], does: 'Start Center' },
  { keys: ['g', 'r'], does: 'Service Requests' },
  { keys: ['n'], does: 'New Service Request, where the page has the button' },
  { keys: ['j'], does: 'the next row of a list' },
  { keys: ['k'], does: 'the row before' },
  { keys: ['o'], does: 'opens the row' },
  { keys: ['s'], does: 'Save' },
  { keys: ['.'], does: 'the first action of the page' },
]

export const KeyboardHelp = () => (
  <>
    <p>
      Tab goes to the next link, button or field, Shift and Tab to the one before. Enter opens a link or
      presses a button, Space presses a button or ticks a box, arrow keys choose among several. The first Tab
      on each page offers to skip to its main content.
    </p>
    <h2>Shortcuts</h2>
    <p>
      They count while you are not typing into a field. Press letters that stand side by side one after the
      other.
    </p>
    <table class="table shortcuts">
      <thead>
        <tr>
          <th scope="col">Keys</th>
          <th scope="col">What they do</th>
        </tr>
      </thead>
      <tbody>
        {keys.map(row => (
          <tr>
            <th scope="row">
              {row.keys.map((key, i) => (
                <>
                  {i > 0 && ' '}
                  <kbd>{key}</kbd>
                </>
              ))}
            </th>
            <td>{row.does}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <h2>Switching them off</h2>
    <p>
      If they get in the way of your screen reader or of how you speak to your computer, switch them off on
      your <a href={paths.profile()}>Profile</a>. They need JavaScript; everything else works without it.
    </p>
  </>
)
