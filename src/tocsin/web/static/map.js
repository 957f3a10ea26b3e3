/* Draws a map that can be moved over the picture that is there already. Without this script, or without Leaflet or the
   shapes of the land, the picture stays: it says the same. */
"use strict";

const LAND = "/static/vendor/land-110m.geojson";
const MOST_NAMES = 12;
const SHAPES = {
  silent: '<svg viewBox="0 0 18 18" aria-hidden="true"><path class="map-silent" d="M9 1l8 15H1z"/></svg>',
  answered: '<svg viewBox="0 0 18 18" aria-hidden="true"><circle class="map-answered" cx="9" cy="9" r="6"/></svg>',
};

/* All that must be seen: every area whole, every mark. */
function boundsOf({ areas, rings, marks }) {
  const bounds = L.latLngBounds([]);
  areas.forEach((area) => bounds.extend(L.latLng(area.lat, area.lon).toBounds(area.km * 2000)));
  rings.forEach((ring) => bounds.extend(ring));
  marks.forEach((mark) => bounds.extend([mark.lat, mark.lon]));
  return bounds.pad(0.1);
}

function drawArea(map, area) {
  L.circle([area.lat, area.lon], { radius: area.km * 1000, className: "warned", interactive: false }).addTo(map);
}

function drawRing(map, ring) {
  L.polygon(ring, { className: "warned", interactive: false }).addTo(map);
}

function drawMark(map, mark, permanent) {
  const icon = L.divIcon({ className: "map-mark", html: mark.silent ? SHAPES.silent : SHAPES.answered, iconSize: [20, 20] });
  const words = `${mark.name}: ${mark.silent ? "no answer" : "has answered"}`;
  const direction = mark.silent ? "top" : "bottom";
  const offset = mark.silent ? [0, -10] : [0, 10];
  L.marker([mark.lat, mark.lon], { icon, title: words, alt: words, keyboard: false })
    .bindTooltip(textNode(words), { permanent, direction, offset })
    .addTo(map);
}

/* Leaflet takes a text as markup and a node as it is: names come from outside. */
function textNode(words) {
  const node = document.createElement("span");
  node.textContent = words;
  return node;
}

function drawOver(box, land, data) {
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, maxZoom: 12, zoomSnap: 0.5 });
  map.fitBounds(boundsOf(data));
  L.geoJSON(land, { interactive: false, style: { className: "land" } }).addTo(map);
  data.areas.forEach((area) => drawArea(map, area));
  data.rings.forEach((ring) => drawRing(map, ring));
  data.marks.forEach((mark) => drawMark(map, mark, data.marks.length <= MOST_NAMES));
  L.control.scale({ imperial: false }).addTo(map);
}

async function draw(figure) {
  const answer = await fetch(LAND);
  if (!answer.ok) return;
  const land = await answer.json();
  const box = document.createElement("div");
  box.className = "map-live";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Map that can be moved; the list below says the same");
  figure.prepend(box);
  try {
    drawOver(box, land, JSON.parse(figure.dataset.map));
  } catch (error) {
    box.remove(); // the picture is still there, and is seen again
    throw error;
  }
}

if (window.L) document.querySelectorAll("figure[data-map]").forEach(draw);
