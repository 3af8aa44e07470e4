// An interview's page: a quote plays its recording from there, and is lit while it sounds.
import { playFrom } from './player.js'

const page = document.getElementById('interview')
const players = new Map([...page.querySelectorAll('.player audio')].map((audio) => [audio.dataset.call, audio]))
const quotes = [...page.querySelectorAll('a[data-call]')].filter((quote) => players.has(quote.dataset.call))

/** One recording at a time: the others are silent, and out of the way. */
function choose(audio) {
  for (const other of players.values()) {
    if (other !== audio) other.pause()
    other.hidden = other !== audio
  }
}

function light(audio) {
  const now = audio.currentTime * 1000 + 20
  const sounds = !audio.paused || audio.currentTime > 0
  for (const quote of quotes) {
    const { call, at, to } = quote.dataset
    if (call !== audio.dataset.call) continue
    quote.classList.toggle('lit', sounds && Number(at) <= now && now < Number(to))
  }
}

for (const quote of quotes) {
  quote.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return // the way to the call's page stays open
    event.preventDefault()
    const audio = players.get(quote.dataset.call)
    choose(audio)
    playFrom(audio, Number(quote.dataset.at))
  })
}
for (const audio of players.values()) {
  for (const happening of ['timeupdate', 'seeked', 'pause']) audio.addEventListener(happening, () => light(audio))
}
if (players.size) choose(players.values().next().value)
// what was just said about a question is to be seen, though its form is folded up again
document.querySelector('[role=alert]')?.scrollIntoView({ block: 'center' })
