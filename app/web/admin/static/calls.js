// The list keeps itself true: a row that changes is replaced, and a new call comes in when nobody is in the middle
// of reading; otherwise a line above the list says how many there are.
import { localise } from './times.js'

const table = document.querySelector('table.calls')
const empty = document.querySelector('.empty[data-first]')
const first = Boolean(empty || table?.hasAttribute('data-first'))
const news = document.getElementById('news')
let waiting = 0

const inTheMiddle = () => scrollY > 40 || table.matches(':hover') || table.contains(document.activeElement)

function rowFrom(html) {
  const holder = document.createElement('template')
  holder.innerHTML = `<table><tbody>${html}</tbody></table>`
  const row = holder.content.querySelector('tr')
  if (row) localise(row)
  return row
}

function replace(old, row) {
  const focused = old.contains(document.activeElement)
  old.replaceWith(row)
  if (focused) row.querySelector('a').focus()
}

function tell() {
  news.hidden = false
  news.firstElementChild.textContent = waiting === 1 ? '1 new call: show it' : `${waiting} new calls: show them`
}

function take(html) {
  const row = rowFrom(html)
  if (!row) return
  const old = document.getElementById(row.id)
  if (old) return replace(old, row)
  if (!first || !row.classList.contains('running')) return
  if (empty) return location.reload()
  if (waiting || inTheMiddle()) {
    waiting += 1
    return tell()
  }
  table.tBodies[0].prepend(row)
}

const updates = new EventSource('/admin/live')
updates.addEventListener('call', (event) => take(event.data))
addEventListener('pagehide', () => updates.close())
addEventListener('pageshow', (event) => event.persisted && location.reload())
