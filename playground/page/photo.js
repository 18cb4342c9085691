/** A photo, chosen or taken with the camera. */
import { el } from './dom.js'

/** Fills `.photo` with its controls; `take()` gives the photo, or undefined. */
export function photoPicker(place, sample) {
  const { label, camera } = place.dataset
  let photo, stream
  const preview = el('div', { class: 'none', 'aria-hidden': 'true' })
  const input = el('input', {
    type: 'file',
    accept: 'image/jpeg,image/png',
    'aria-label': `${label}: choose a file`,
  })
  const buttons = el('div', { class: 'buttons' }, el('label', { class: 'button' }, 'Choose', input))
  const note = el('span', { role: 'status' })
  place.append(preview, el('div', {}, el('strong', {}, label), buttons, note))
  let shown = preview

  function show(element) {
    shown.replaceWith(element)
    shown = element
  }
  function set(blob) {
    stop()
    const wrong = problemOf(blob)
    note.textContent = wrong
    if (wrong) return
    photo = blob
    const url = URL.createObjectURL(blob)
    const image = el('img', { src: url, alt: `${label}, chosen` })
    image.addEventListener('load', () => URL.revokeObjectURL(url))
    show(image)
  }
  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
  }

  input.addEventListener('change', () => input.files[0] && set(input.files[0]))
  if (camera !== undefined && navigator.mediaDevices) {
    const button = el('button', { type: 'button' }, 'Camera')
    buttons.append(button)
    button.addEventListener('click', async () => {
      if (stream) {
        const [video, canvas] = [shown, document.createElement('canvas')]
        Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight })
          .getContext('2d')
          .drawImage(video, 0, 0)
        canvas.toBlob((blob) => set(blob), 'image/jpeg', 0.9)
        button.textContent = 'Camera'
        return
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user' } })
        const video = el('video', { autoplay: true, playsinline: true, muted: true, 'aria-label': 'Camera' })
        video.srcObject = stream
        show(video)
        button.textContent = 'Take the photo'
        note.textContent = ''
      } catch {
        note.textContent = 'There is no camera, or the page may not use it: choose a file.'
      }
    })
  }
  if (sample) {
    const button = el('button', { type: 'button' }, 'Sample')
    buttons.append(button)
    button.addEventListener('click', () =>
      sample().then(set, () => (note.textContent = 'The connection was lost: try again.')),
    )
  }
  return { take: () => photo, wants: () => void (note.textContent = photo ? '' : 'A photo is needed.') }
}

/** What is wrong with a chosen file; empty when nothing is. */
function problemOf({ type, size }) {
  if (!/^image\/(jpeg|png)$/.test(type)) return 'This is neither a JPEG nor a PNG.'
  if (size > 5_000_000) return `This has ${(size / 1e6).toFixed(1)} MB; 5 MB is the most.`
  return ''
}
