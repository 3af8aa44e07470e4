// Lines of a running call, replaced by their id as they grow; the view follows only a reader who was at the end.
const NEAR_PX = 80

const order = (entry) => [Number(entry.dataset.at), entry.classList.contains('line') ? 1 : 0, Number(entry.dataset.seq)]

function comesBefore(one, other) {
  const [a, b] = [order(one), order(other)]
  const differs = a.findIndex((value, index) => value !== b[index])
  return differs >= 0 && a[differs] < b[differs]
}

function place(list, entry) {
  const old = document.getElementById(entry.id)
  if (old) {
    old.replaceWith(entry)
    return
  }
  let after = list.lastElementChild
  while (after && comesBefore(entry, after)) after = after.previousElementSibling
  if (after) after.after(entry)
  else list.prepend(entry)
}

function entryFrom(html) {
  const holder = document.createElement('template')
  holder.innerHTML = html
  return holder.content.querySelector('li')
}

/** Say a finished line aloud to those who listen to the page; a growing one would be said over and over. */
function announce(entry, told) {
  if (!entry.hasAttribute('data-final') || told.has(entry.id)) return
  told.add(entry.id)
  const speaker = entry.querySelector('b').textContent
  document.getElementById('aloud').textContent = `${speaker}: ${entry.querySelector('p').textContent}`
}

/** Show what `address` sends until the call has ended; then `ended()`. */
export function listen(address, ended) {
  const list = document.getElementById('transcript')
  const state = document.querySelector('#state span:last-of-type')
  const told = new Set([...list.querySelectorAll('[data-final]')].map((entry) => entry.id))
  const updates = new EventSource(address)
  updates.addEventListener('entry', (event) => {
    const atEnd = innerHeight + scrollY >= document.body.scrollHeight - NEAR_PX
    const entry = entryFrom(event.data)
    if (!entry || document.getElementById(entry.id)?.outerHTML === entry.outerHTML) return
    place(list, entry)
    document.getElementById('nothing').hidden = true
    announce(entry, told)
    if (atEnd) scrollTo(0, document.body.scrollHeight)
  })
  updates.addEventListener('ended', () => {
    updates.close()
    ended()
  })
  updates.addEventListener('open', () => { state.textContent = 'Lines appear here as they are spoken.' })
  updates.addEventListener('error', () => {
    state.textContent = updates.readyState === EventSource.CLOSED
      ? 'Lines no longer come by themselves: reload this page.'
      : 'The connection is gone; trying again. Nothing is lost.'
  })
  addEventListener('pagehide', () => updates.close())
}
