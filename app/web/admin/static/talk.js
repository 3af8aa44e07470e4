// An interview by text without leaving the page. The form is sent as it would be without this script, the page that
// comes back is read, and what is new in it is put in here: its last lines, and the form for what comes next.
const said = document.getElementById('said')
const busy = document.getElementById('busy')
const field = () => document.getElementById('text')
const SLOW_MS = 1500

function begin() {
  const form = document.getElementById('say')
  if (!form) return
  form.classList.add('enter')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(form, event.submitter)
  })
  field()?.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit(document.getElementById('send'))
  })
}

/** Put what is new in the page that came back in here; false if it is no page of this interview. */
function take(fresh, kept) {
  const theirs = fresh.getElementById('said')
  if (!theirs) return false
  const news = [...theirs.children].slice(said.children.length)
  said.append(...news)
  document.getElementById('where').replaceWith(fresh.getElementById('where'))
  document.getElementById('next').replaceWith(fresh.getElementById('next'))
  begin()
  if (kept && field() && !field().value) field().value = kept
  const next = field() ?? document.querySelector('#next .button')
  next?.focus({ preventScroll: true })
  const first = news.find((line) => line.classList.contains('agent'))
  if (first) first.scrollIntoView({ block: 'nearest' })
  document.getElementById('next').scrollIntoView({ block: 'nearest' })
  return true
}

async function send(form, button) {
  if (form.getAttribute('aria-busy') === 'true') return
  const typed = field()?.value ?? ''
  const byButton = button?.name === 'say'
  form.setAttribute('aria-busy', 'true')
  const slow = setTimeout(() => { busy.textContent = 'One moment: the answer is being read.' }, SLOW_MS)
  try {
    const body = new URLSearchParams(new FormData(form, button))
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } })
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    busy.textContent = ''
    if (!take(fresh, byButton ? typed : '')) {
      const why = fresh.querySelector('main h1')?.textContent ?? answer.status
      busy.textContent = `Nothing was sent (${why}). What you typed is still here.`
    }
  } catch {
    busy.textContent = 'The server does not answer. What you typed is still here: send it again, it counts once.'
  } finally {
    clearTimeout(slow)
    form.setAttribute('aria-busy', 'false')
  }
}

begin()
if (!location.hash) field()?.focus()
