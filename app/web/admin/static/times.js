// Times are written in UTC by the server; here they are said in the reader's own zone.
const now = new Date()
const part = (date, options) => new Intl.DateTimeFormat('en-GB', options).format(date)
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

function said(date) {
  const time = part(date, { hour: '2-digit', minute: '2-digit' })
  if (date.toDateString() === now.toDateString()) return `Today, ${time}`
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
  return `${part(date, { weekday: 'short', day: 'numeric', month: 'short', ...year }).replace(',', '')}, ${time}`
}

/** Say every time below `root` in the reader's zone; the server's wording stays as the tooltip. */
export function localise(root) {
  for (const time of root.querySelectorAll('time[datetime]:not([title])')) {
    const date = new Date(time.dateTime)
    if (Number.isNaN(date.valueOf())) continue
    time.title = time.textContent
    time.textContent = said(date)
  }
}

localise(document)
// the days of the filters are the reader's days: the server is told which zone they are in
for (const field of document.querySelectorAll('input[name="zone"]')) {
  field.value = zone
  for (const name of document.querySelectorAll('.zone-name')) name.textContent = ''
}
// a clock elsewhere that shows what the reader's own shows says nothing new
const wall = (date, options) => part(date, { dateStyle: 'short', timeStyle: 'short', ...options })
for (const there of document.querySelectorAll('[data-zone]')) {
  const time = there.parentElement.querySelector('time[datetime]')
  if (!time) continue
  try {
    const date = new Date(time.dateTime)
    there.hidden = wall(date, { timeZone: there.dataset.zone }) === wall(date, {})
  } catch { /* a zone that this browser does not know: what the server wrote stays */ }
}
