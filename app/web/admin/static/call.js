// A call's page: its player, its dialog, and, while it runs, its lines as they are spoken.
import { localise } from './times.js'
import { play } from './player.js'
import { listen } from './lines.js'

function dialog(call) {
  const box = call.querySelector('#hang-up-dialog')
  if (!box) return
  call.querySelector('#hang-up').addEventListener('click', (event) => {
    event.preventDefault()
    box.showModal()
  })
  box.querySelector('[data-close]').addEventListener('click', (event) => {
    event.preventDefault()
    box.close()
  })
}

/** The call has ended: put the page as it is now in the place of what grew, and leave the reader where they are. */
async function renew() {
  const call = document.getElementById('call')
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('call')
  if (!answer.ok || !fresh) return location.reload()
  const said = fresh.querySelector('.head .said').textContent.replace(/\s+/g, ' ').trim()
  const wasInside = call.querySelector('.head').contains(document.activeElement)
  const before = document.getElementById('transcript').getBoundingClientRect().top
  call.replaceWith(fresh)
  begin(fresh)
  // the picture of the recording came in above: what was being read stays where it was
  if (scrollY) scrollBy(0, document.getElementById('transcript').getBoundingClientRect().top - before)
  if (wasInside) document.getElementById('main').focus()
  document.getElementById('aloud').textContent = `The call has ended. ${said}`
}

function begin(call) {
  localise(call)
  play(call)
  dialog(call)
  if (call.dataset.live) listen(call.dataset.live, renew)
}

begin(document.getElementById('call'))
