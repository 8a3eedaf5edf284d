// The page: sends a picture, shows progress, and compares what came out. No library, no network but the service's own.
const $ = id => document.getElementById(id);
const seconds = ms => ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
const number = n => n.toLocaleString('en');

let service;      // what GET /api/service told
let picture;      // the file to send
let running;      // the AbortController of the request that runs
const urls = {};  // object URLs in use, by image

start();

async function start() {
  $('origin').textContent = location.origin;
  try {
    service = await (await fetch('api/service')).json();
  } catch {
    return fail('The service does not answer.');
  }

  $('facts').append(...[service.cpu, `${service.threads} ${service.threads === 1 ? 'thread' : 'threads'}`, 'int8'].map(text => element('li', {}, text)));
  $('limits').textContent = `up to ${number(Math.floor(service.maxPixels / 1e5) / 10)} megapixels and ${number(Math.floor(service.maxBytes / 2 ** 20))} MiB`;
  service.workloads.forEach((workload, i) => $('workloads').append(element('label', {},
    element('input', { type: 'radio', name: 'workload', value: workload.name, checked: i === 0 }), element('span', {}, workload.title))));
  $('workloads').addEventListener('change', showWorkload);
  showWorkload();

  $('file').addEventListener('change', () => $('file').files[0] && take($('file').files[0]));
  $('sample').addEventListener('click', async () => take(new File([await (await fetch('sample.png')).blob()], 'cat.png', { type: 'image/png' })));
  $('form').addEventListener('submit', event => { event.preventDefault(); run(); });
  $('cancel').addEventListener('click', () => running?.abort());
  $('slider').addEventListener('input', showSplit);
  addEventListener('resize', layOut);
  document.querySelectorAll('[data-zoom]').forEach(button => button.addEventListener('click', () => zoom(button)));

  // A picture may be dropped anywhere on the page, or pasted.
  addEventListener('dragover', event => { event.preventDefault(); $('drop').classList.add('over'); });
  addEventListener('dragleave', event => event.relatedTarget ?? $('drop').classList.remove('over'));
  addEventListener('drop', event => {
    event.preventDefault();
    $('drop').classList.remove('over');
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  addEventListener('paste', event => event.clipboardData.files[0] && take(event.clipboardData.files[0]));
}

const workload = () => service.workloads.find(w => w.name === document.querySelector('[name=workload]:checked')?.value);

function showWorkload() {
  $('compareRow').hidden = !workload()?.hasFloat;
  $('curlName').textContent = workload()?.name ?? '…';
}

// Shows a picture that was chosen. What the service does not read, but the browser does, is sent as a PNG.
async function take(file) {
  running?.abort();
  fail('');
  try {
    const bitmap = await createImageBitmap(file);
    picture = ['image/png', 'image/jpeg'].includes(file.type) ? file : await toPng(bitmap);
    picture.title = file.name;
    Object.assign(picture, { pixelWidth: bitmap.width, pixelHeight: bitmap.height });
    bitmap.close();
  } catch {
    // The service says what is wrong with it.
    picture = file;
    picture.title = file.name;
  }

  show('before', picture);
  $('empty').hidden = true;
  $('view').hidden = !picture.pixelWidth;
  $('empty').hidden = Boolean(picture.pixelWidth);
  for (const id of ['after', 'split', 'slider', 'download', 'figures']) $(id).hidden = true;
  $('boxes').setAttribute('hidden', '');  // an SVG has the attribute, but no property
  $('legend').textContent = picture.pixelWidth ? `${picture.title}: ${picture.pixelWidth} × ${picture.pixelHeight}` : picture.title;
  $('run').disabled = !workload();
  $('run').textContent = `Run on ${picture.title}`.slice(0, 36);
  layOut();
}

async function toPng(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

async function run() {
  const chosen = workload();
  const request = running = new AbortController();
  busy(true);
  fail('');
  try {
    const response = await fetch(`api/work/${chosen.name}?compare=${chosen.hasFloat && $('compare').checked}`, {
      method: 'POST',
      headers: { Accept: 'text/event-stream', 'Content-Type': 'application/octet-stream' },
      body: picture,
      signal: request.signal,
    });
    if (!response.ok) throw new Error(await reason(response));
    for await (const { type, data } of events(response.body)) {
      if (type === 'queued') progress(null, data.ahead ? `${data.ahead} ${data.ahead === 1 ? 'request is' : 'requests are'} before this one` : 'Starting');
      if (type === 'progress') progress(data.done / data.tiles, `${data.phase} network: tile ${data.done} of ${data.tiles}`);
      if (type === 'failed') throw new Error(data.detail);
      if (type === 'done') await done(data);
    }
  } catch (error) {
    fail(request.signal.aborted ? '' : error instanceof TypeError ? 'The connection to the service broke.' : error.message);
    if (request.signal.aborted) $('status').textContent = 'Cancelled.';
  }

  if (running === request) {
    running = undefined;
    busy(false);
  }
}

async function reason(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return `The service answered ${response.status}.`;
  }
}

// Server-sent events of a response's body. (EventSource could not send the picture.)
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const parts = (text + read.value).replaceAll('\r', '').split('\n\n');
    text = parts.pop();
    for (const part of parts) {
      const lines = part.split('\n');
      const field = name => lines.filter(line => line.startsWith(`${name}:`)).map(line => line.slice(name.length + 1).trimStart()).join('\n');
      if (field('data')) yield { type: field('event'), data: JSON.parse(field('data')) };
    }
  }
}

async function done(summary) {
  const file = await (await fetch(summary.file.url)).blob();
  const hash = await sha256(file);
  if (summary.output === 'picture') {
    await show('after', file);
    $('after').hidden = $('slider').hidden = $('split').hidden = false;
    $('legend').textContent = `Left: the input, enlarged by the browser. Right: the result, ${summary.scale * summary.width} × ${summary.scale * summary.height}. Drag, or use the arrow keys.`;
    showSplit();
  } else {
    showBoxes(summary);
  }

  $('download').href = summary.file.url;
  $('download').download = `${picture.title.replace(/\.[^.]*$/, '')}-${summary.file.name}`;
  $('download').hidden = false;
  showFigures(summary, hash);
  $('status').textContent = `Done in ${seconds(summary.totalMilliseconds)}.`;
  layOut();
}

function showBoxes(summary) {
  $('boxes').setAttribute('viewBox', `0 0 ${summary.width} ${summary.height}`);
  $('boxes').replaceChildren(...(summary.floatBoxes ?? []).map(box => polygon(box, 'float')), ...summary.boxes.map(box => polygon(box, 'int8')));
  $('boxes').removeAttribute('hidden');
  $('legend').textContent = `${count(summary.boxes)} found in ${summary.width} × ${summary.height} pixels.${summary.floatBoxes ? ' Dashed: those of the float network.' : ''}`;
}

const count = boxes => `${boxes.length} ${boxes.length === 1 ? 'box' : 'boxes'}`;

function polygon(box, className) {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'polygon');
  drawn.setAttribute('points', box.corners.join(' '));
  drawn.setAttribute('class', className);
  return drawn;
}

function showFigures(summary, hash) {
  const rows = [];
  const row = (title, ...content) => rows.push(element('div', {}, element('dt', {}, title), element('dd', {}, ...content)));
  const wide = (title, className, ...content) => rows.push(element('div', { className: 'wide' }, element('dt', {}, title), element('dd', { className }, ...content)));
  if (summary.floatMilliseconds) {
    wide('Time in the network, one core', '', `${(summary.floatMilliseconds / summary.int8Milliseconds).toFixed(1)} times as fast as float`, bars([['int8', summary.int8Milliseconds], ['float', summary.floatMilliseconds]]));
    if (summary.output === 'picture') row('PSNR of int8 against float', summary.decibel ? `${summary.decibel.toFixed(2)} dB` : 'equal');
    else row('Found by int8 and by float', `${count(summary.boxes)} and ${count(summary.floatBoxes)}`);
  } else {
    row('Time in the int8 network', seconds(summary.int8Milliseconds), element('small', {}, 'on one core'));
  }

  row('From upload to result', seconds(summary.totalMilliseconds), element('small', {}, `${summary.tiles} ${summary.tiles === 1 ? 'tile' : 'tiles'}, ${seconds(summary.waitMilliseconds)} in the queue`));
  wide(summary.output === 'picture' ? 'SHA-256 of the pixels' : 'SHA-256 of the boxes', 'hash', summary.sha256);
  wide('SHA-256 of the file', 'hash', element('span', { id: 'fileHash' }, summary.file.sha256),
    hash ? element('small', { className: hash === summary.file.sha256 ? 'good' : 'bad' }, hash === summary.file.sha256 ? '✓ checked in this browser' : '✗ the file that arrived is another') : '');
  $('figures').replaceChildren(...rows);
  $('figures').hidden = false;
}

function bars(values) {
  const most = Math.max(...values.map(([, value]) => value));
  return element('span', { className: 'bars' }, ...values.map(([name, value]) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 100 10');
    svg.setAttribute('preserveAspectRatio', 'none');
    const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [key, setting] of Object.entries({ width: 100 * value / most, height: 10, rx: 2, class: name })) bar.setAttribute(key, setting);
    svg.append(bar);
    return element('span', {}, name, svg, element('em', {}, seconds(value)));
  }));
}

// Only in a secure context, which localhost is, may a page compute hashes.
async function sha256(blob) {
  if (!crypto.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

async function show(id, blob) {
  if (urls[id]) URL.revokeObjectURL(urls[id]);
  $(id).src = urls[id] = URL.createObjectURL(blob);
  await $(id).decode().catch(() => {});
}

function showSplit() {
  const share = $('slider').value;
  $('after').style.clipPath = `inset(0 0 0 ${share}%)`;
  $('split').style.left = `${share}%`;
  $('slider').setAttribute('aria-valuetext', `${Math.round(share)} % input, ${Math.round(100 - share)} % result`);
}

function zoom(button) {
  document.querySelectorAll('[data-zoom]').forEach(other => other.setAttribute('aria-pressed', other === button));
  layOut();
}

// Sizes the view: to fit, or so many pixels of the screen for one of the result.
function layOut() {
  if (!picture?.pixelWidth) return;
  const scale = $('after').hidden ? 1 : workload().scale;
  const width = picture.pixelWidth * scale;
  const height = picture.pixelHeight * scale;
  const chosen = document.querySelector('[data-zoom][aria-pressed=true]').dataset.zoom;
  const room = $('scroll').getBoundingClientRect();
  const tallest = innerWidth > 896 ? innerHeight - 232 : innerHeight * .75 - 32;
  const factor = chosen === 'fit' ? Math.min((room.width - 32) / width, tallest / height) : chosen / devicePixelRatio;
  $('compareView').style.width = `${width * factor}px`;
  $('compareView').style.height = `${height * factor}px`;
}

function busy(yes) {
  $('run').disabled = yes;
  $('cancel').hidden = $('working').hidden = !yes;
  if (yes) progress(null, 'Sending');
}

function progress(share, text) {
  if (share === null) $('progress').removeAttribute('value');
  else $('progress').value = share;
  $('phase').textContent = text;
}

function fail(text) {
  $('error').textContent = text;
  $('error').hidden = !text;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
