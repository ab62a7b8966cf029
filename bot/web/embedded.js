/**
 * What the chat page does beside chat.js when it stands in a frame on another site: keys do not
 * leave a frame, and focus does not enter it, so both are told between it and widget.js.
 */

const { host } = JSON.parse(document.getElementById("config").textContent);
const isPrecise = matchMedia("(hover: hover) and (pointer: fine)");

window.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  window.parent.postMessage({ infobot: "close" }, host);
});

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== host || source !== window.parent || data?.infobot !== "opened") return;
  // On a phone the keyboard would cover what there is to read.
  if (isPrecise.matches) document.getElementById("input").focus();
});
