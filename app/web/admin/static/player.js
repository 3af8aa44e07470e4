// The recording: played from a line or from a place in the picture, with the line that sounds lit.
const LINGERS_MS = 250

/** Play `audio` from a place in it. */
export function playFrom(audio, ms) {
  audio.currentTime = ms / 1000
  audio.play().catch(() => {}) // a browser may refuse to sound; the place is found all the same
}

/** Bring the player of `call` (the page's article) to life, if it has a recording. */
export function play(call) {
  const audio = call.querySelector('#player')
  const wave = call.querySelector('#wave')
  if (!audio || !wave) return
  const head = wave.querySelector('#playhead')
  const length_ms = Number(wave.dataset.ms)
  const lines = [...call.querySelectorAll('.line')].map((element) => ({
    element, from: Number(element.dataset.at), to: Number(element.dataset.to),
  }))
  let lit = null

  const from = (ms) => {
    playFrom(audio, Math.min(ms, length_ms))
    show()
  }

  function show() {
    const now = audio.currentTime * 1000
    const width = wave.viewBox.baseVal.width
    for (const end of ['x1', 'x2']) head.setAttribute(end, ((now / length_ms) * width).toFixed(1))
    const sounding = audio.paused && !audio.currentTime ? undefined
      : lines.findLast((line) => line.from <= now + 20 && now < line.to + LINGERS_MS)
    if (sounding?.element === lit) return
    lit?.classList.remove('lit')
    lit?.removeAttribute('aria-current')
    lit = sounding?.element ?? null
    lit?.classList.add('lit')
    lit?.setAttribute('aria-current', 'true')
  }

  for (const { element, from: start } of lines) {
    const at = element.querySelector('.at')
    const button = document.createElement('button')
    button.className = 'at'
    button.type = 'button'
    button.textContent = at.textContent
    button.setAttribute('aria-label', `Play from ${at.textContent}`)
    at.replaceWith(button)
    element.addEventListener('click', () => {
      if (getSelection().isCollapsed) from(start)
    })
  }
  wave.addEventListener('click', (event) => {
    const box = wave.getBoundingClientRect()
    from(((event.clientX - box.left) / box.width) * length_ms)
  })
  audio.addEventListener('timeupdate', show)
  audio.addEventListener('seeked', show)
  let frame = 0
  const follow = () => {
    show()
    frame = audio.paused ? 0 : requestAnimationFrame(follow)
  }
  audio.addEventListener('play', () => { frame ||= requestAnimationFrame(follow) })
}
