// A chart of the page as one SVG or PNG file: its own drawing, with title, lines, date, version and link around it.
const PAD = 24, TITLE = 18, SMALL = 12, LEADING = 1.45, SCALE = 2;
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement }) {
  for (const kind of ["png", "svg"]) {
    const button = parentElement.querySelector(`.${kind}`);
    button.textContent = data.labels[kind];
    button.setAttribute("aria-label", `${data.labels[kind]}: ${data.title}`);
    button.onclick = () => take(kind, data);
  }
}

async function take(kind, data) {
  const name = data.chart.replace(/[^\w-]/g, "-"); // as Streamlit makes a class of a key
  const plot = document.querySelector(`.st-key-${name} .js-plotly-plot`);
  if (!plot) return;
  const drawing = compose(plot, data);
  const text = new XMLSerializer().serializeToString(drawing);
  const blob = new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${text}`], { type: "image/svg+xml;charset=utf-8" });
  save(kind === "svg" ? blob : await painted(drawing, blob), `${data.name}.${kind}`);
}

function compose(plot, data) {
  const box = plot.getBoundingClientRect();
  const width = Math.max(Math.ceil(box.width), 560) + 2 * PAD;
  const title = wrapped(data.title, TITLE, width - 2 * PAD);
  const foot = [...data.lines, `${data.stamp} ${location.href}`].flatMap((one) => wrapped(one, SMALL, width - 2 * PAD));
  const top = PAD + title.length * TITLE * LEADING + 8;
  const bottom = top + box.height + 16;
  const height = Math.ceil(bottom + foot.length * SMALL * LEADING + PAD);
  const root = element("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  root.append(element("title", {}, data.title), element("desc", {}, data.alt));
  root.append(element("rect", { width, height, fill: data.paper }));
  title.forEach((line, at) => root.append(words(line, PAD, PAD + (at + 0.8) * TITLE * LEADING, TITLE, data, 700)));
  for (const layer of plot.querySelectorAll("svg.main-svg")) root.append(placed(layer, PAD, top, box));
  foot.forEach((line, at) => root.append(words(line, PAD, bottom + (at + 0.8) * SMALL * LEADING, SMALL, data, 400)));
  return root;
}

// A layer of the chart without what hovering left on it; references to its own parts made local again.
function placed(layer, x, y, box) {
  const copy = layer.cloneNode(true);
  copy.querySelectorAll(".hoverlayer, .zoomlayer, .select-outline").forEach((one) => one.remove());
  for (const [name, value] of Object.entries({ x, y, width: box.width, height: box.height })) copy.setAttribute(name, value);
  copy.removeAttribute("class");
  copy.style.background = "none";
  copy.style.overflow = "visible";
  for (const one of copy.querySelectorAll("[clip-path], [style*='url(']")) {
    for (const name of ["clip-path", "style"]) {
      const value = one.getAttribute(name);
      if (value) one.setAttribute(name, value.replace(/url\((['"]?|&quot;)[^#'")]*#/g, "url($1#"));
    }
  }
  return copy;
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function words(text, x, y, size, data, weight) {
  const family = weight > 400 ? data.title_font : data.font;
  return element("text", { x, y, fill: data.ink, "font-size": size, "font-weight": weight, "font-family": family }, text);
}

// Lines no wider than the picture: broken at spaces, and anywhere in Chinese or a long address.
function wrapped(text, size, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size * 1.04}px sans-serif`;
  const lines = [""];
  for (const piece of text.match(/[\u2E80-\uFFEF]|[^\s\u2E80-\uFFEF]{1,24}|\s+/gu) ?? []) {
    const longer = lines.at(-1) + piece;
    if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(piece.trimStart());
  }
  return lines.filter((line) => line.trim());
}

function painted(drawing, blob) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = drawing.getAttribute("width") * SCALE;
      canvas.height = drawing.getAttribute("height") * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      canvas.toBlob(done, "image/png");
    };
    image.onerror = failed;
    image.src = URL.createObjectURL(blob);
  });
}

function save(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}
