const safe = text => String(text).replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

const words = {
  starting: 'The application is starting. Load this page again in a moment.',
  ready: '',
  stopping: 'The application is stopping.',
}

export const frontPage = ({ environment, startedAt, phase, announcement, register }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Asset Management - ${safe(environment)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><strong>Asset Management</strong> <span>${safe(environment)}</span></header>
<main>
${announcement ? `<p class="announcement" role="status">${safe(announcement)}</p>` : ''}
<h1>Assets</h1>
${phase === 'ready' ? list(register.list()) : `<p>${words[phase]}</p>`}
</main>
<footer>Process ${process.pid}, running since <time datetime="${startedAt.toISOString()}">${startedAt.toUTCString()}</time></footer>
</body>
</html>
`

const list = assets => `<table>
<thead><tr><th scope="col">Number</th><th scope="col">Name</th><th scope="col">Location</th></tr></thead>
<tbody>
${assets.map(row).join('\n')}
</tbody>
</table>
<form method="post" action="/assets">
<h2>Add an asset</h2>
<label for="name">Name</label> <input id="name" name="name" maxlength="80" required>
<label for="location">Location</label> <input id="location" name="location" maxlength="80">
<button>Add</button>
</form>`

const row = ({ number, name, location }) =>
  `<tr><td>${number}</td><td>${safe(name)}</td><td>${safe(location)}</td></tr>`

export const styleSheet = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 48rem; padding: 1rem; }
header span { margin-left: .5rem; font-family: ui-monospace, monospace; }
.announcement { border-left: 4px solid; padding: .5rem 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid; }
input, button { font: inherit; padding: .25rem .5rem; }
footer { margin-top: 2rem; font-size: .875rem; }
`
