/**
 * The chat page: shows the conversation and carries it to POST /chat.
 *
 * Leaves to the server: what is answered, every wording in every language (the #config block of
 * page.html), and limits. Text enters the page as text nodes, never as markup.
 */

const TYPING_AFTER_MS = 300;
const TIMEOUT_MS = 30_000;
const NEAR_END_PX = 80;
const [INPUT_LIMIT, COUNT_FROM] = [2000, 1800];
const PHONE_NUMBER = /(\(?\+\d[\d() -]{6,}\d)/;

const byId = (id) => document.getElementById(id);
const config = JSON.parse(byId("config").textContent);
const [scroller, log, typing, input] = ["scroller", "log", "typing", "input"].map(byId);

/** The server, or a proxy before it, said no; the message is its sentence, or empty. */
class Refused extends Error {}

let memory = {};
try {
  memory = sessionStorage ?? {};
} catch {
  // Switched off in this browser: the page forgets when it is closed, and works on.
}

/** A random version 4 UUID; crypto.randomUUID is missing where a page comes over plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const chat = (memory.chat ||= newId());

/** Turns typed but not yet answered; they return to the input when the page is loaded anew. */
const unsent = new Set();

function saveDraft() {
  const texts = Array.from(unsent, (turn) => turn.text);
  memory.draft = [...texts, input.value].filter(Boolean).join("\n");
}

const isKnown = (language) => Object.hasOwn(config.ui, language);

/** The language whose button the person pressed; empty until then. */
let chosen = isKnown(memory.language) ? memory.language : "";
let pageLanguage = chosen || document.documentElement.lang;
if (!isKnown(pageLanguage)) pageLanguage = config.languages[0].code;

const wording = () => config.ui[pageLanguage];

/** Puts the frame of the page into its language; what was said stays as it was said. */
function translatePage() {
  document.documentElement.lang = pageLanguage;
  document.title = byId("name").textContent = config.names[pageLanguage];
  byId("privacy").textContent = wording().privacy;
  byId("input-label").textContent = wording().placeholder;
  byId("send-label").textContent = wording().send;
  input.placeholder = wording().placeholder;
  for (const button of byId("languages").children) {
    button.setAttribute("aria-pressed", String(button.lang === pageLanguage));
  }
}

function chooseLanguage(language) {
  memory.language = chosen = pageLanguage = language;
  translatePage();
  if (!hasSpoken()) enqueue({ kind: "start", text: "" });
}

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const icon = (name) => byId(`icon-${name}`).content.cloneNode(true);
const span = (className = "", textContent = "") => element("span", { className, textContent });
const pushButton = (className, textContent) =>
  element("button", { type: "button", className, textContent });

/** A paragraph whose phone numbers stay on one line: every odd part of the split is a number. */
function paragraph(text) {
  const parts = text.split(PHONE_NUMBER);
  return element("p", {}, ...parts.map((part, i) => (i % 2 ? span("number", part) : part)));
}

/** One bubble; a hidden line says who speaks, since only the sides show it to the eye. */
function bubble(speaker, text) {
  const label = element("p", { className: "visually-hidden", textContent: `${speaker}: ` });
  const paragraphs = text.trim().split(/\n\s*\n/).map(paragraph);
  return element("div", { className: "bubble" }, label, ...paragraphs);
}

function callButton({ text, e164 }, words) {
  const parts = [icon("call"), span("", words.call), " ", span("number", text)];
  return element("a", { className: "button call", href: `tel:${e164}` }, ...parts);
}

function faxLine(fax, words) {
  const parts = [icon("fax"), span("quiet", words.fax), " ", span("number", fax)];
  return element("p", { className: "line" }, ...parts);
}

function mapButton(href, words) {
  const parts = [icon("map"), span("", words.map), icon("away")];
  return element("a", { className: "button", href, target: "_blank", rel: "noopener" }, ...parts);
}

function contactCard(card, words) {
  const name = element("h2", { className: "card-name", textContent: card.name });
  const node = element("div", { className: "card" }, name);
  node.append(...(card.phones ?? []).map((phone) => callButton(phone, words)));
  node.append(...(card.faxes ?? []).map((fax) => faxLine(fax, words)));
  if (card.address) node.append(element("p", { className: "address", textContent: card.address }));
  if (/^https:\/\//.test(card.map_url ?? "")) node.append(mapButton(card.map_url, words));
  return node;
}

function choiceList(choices, language) {
  const buttons = choices.map(({ label, data }) => {
    const button = pushButton("button", label);
    button.addEventListener("click", () => say({ kind: "choice", text: data }, label, language));
    return element("li", {}, button);
  });
  return element("ul", { className: "choices" }, ...buttons);
}

function botMessage(reply) {
  const language = isKnown(reply.language) ? reply.language : pageLanguage;
  const node = element("div", { className: "message bot", lang: reply.language });
  node.dataset.outcome = reply.outcome;
  node.append(bubble(config.names[language], reply.text));
  node.append(...(reply.cards ?? []).map((card) => contactCard(card, config.ui[language])));
  if (reply.choices?.length) node.append(choiceList(reply.choices, reply.language));
  return node;
}

function personMessage(text, language) {
  const content = bubble(wording().you, text);
  // What somebody types can be in any language: empty says so, and does not claim the page's.
  for (const part of [...content.children].slice(1)) part.lang = language;
  return element("div", { className: "message person" }, content);
}

function failureMessage(turn, sentence) {
  const node = element("div", { className: "message failure", lang: pageLanguage });
  const retry = pushButton("button", wording().retry);
  retry.addEventListener("click", (event) => {
    node.remove();
    isFollowing = true;
    if (turn.message) show(turn.message);
    enqueue(turn);
    if (event.detail === 0) input.focus(); // By keyboard: the focused button is gone.
  });
  node.append(element("p", { textContent: sentence }), retry);
  return node;
}

let isFollowing = true;
let lastTop = 0;
let newest = null;

const hasSpoken = () => log.querySelector(".person") !== null;

/** "nearest" shows the end of a message, or the beginning of one taller than the screen. */
function keepInView() {
  if (isFollowing) newest?.scrollIntoView({ block: "nearest" });
}

function show(message) {
  log.append(message);
  newest = message;
  keepInView();
}

/** The welcome opens the conversation, even when it comes late. */
function showWelcome(message) {
  if (hasSpoken()) log.prepend(message);
  else log.replaceChildren(message);
}

function trackReader() {
  const { scrollTop } = scroller;
  if (scroller.scrollHeight - scroller.clientHeight - scrollTop < NEAR_END_PX) isFollowing = true;
  else if (scrollTop < lastTop) isFollowing = false;
  lastTop = scrollTop;
}

function showTyping() {
  const dots = element("p", { className: "dots" }, span(), span(), span());
  typing.append(span("visually-hidden", wording().typing), dots);
  if (isFollowing && hasSpoken()) typing.scrollIntoView({ block: "nearest" });
}

let queue = Promise.resolve();

/** Sends turns one after another, so that answers come in the order of the questions. */
function enqueue(turn) {
  queue = queue.then(() => deliver(turn));
}

async function deliver(turn) {
  const timer = setTimeout(showTyping, TYPING_AFTER_MS);
  let message;
  try {
    message = botMessage(await ask(turn));
    unsent.delete(turn);
    saveDraft();
  } catch (error) {
    message = failureMessage(turn, (error instanceof Refused && error.message) || wording().failed);
  }
  clearTimeout(timer);
  typing.replaceChildren();
  if (turn.kind === "start" && !message.matches(".failure")) showWelcome(message);
  else show(message);
}

/** Posts one turn. Throws `Refused` when the server declines, fetch's errors when out of reach. */
async function ask({ kind, text }) {
  const language = kind === "start" ? pageLanguage : chosen;
  const response = await fetch("/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chat, kind, text, language }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || typeof answer.text !== "string") throw new Refused(answer.error ?? "");
  return answer;
}

/** Shows `words` as the person's own and sends the turn. */
function say(turn, words, language = "") {
  turn.message = personMessage(words, language);
  isFollowing = true;
  show(turn.message);
  enqueue(turn);
}

function fitInput() {
  const { length } = input.value;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
  byId("count").textContent = length < COUNT_FROM ? "" : `${length} / ${INPUT_LIMIT}`;
  input.setAttribute("aria-invalid", String(length > INPUT_LIMIT));
}

function submitInput(event) {
  event.preventDefault();
  input.focus();
  const text = input.value.trim();
  if (!text || input.value.length > INPUT_LIMIT) return;
  const turn = { kind: "text", text };
  unsent.add(turn);
  input.value = "";
  saveDraft();
  fitInput();
  say(turn, text);
}

/** Enter sends; 229 is the Enter that ends a composition in Safari, where isComposing is false. */
function sendOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  byId("composer").requestSubmit();
}

/** iOS lays its keyboard over the page and leaves dvh as it was; only the visual viewport tells. */
function fitScreen({ target }) {
  if (target.scale !== 1) return;
  document.documentElement.style.setProperty("--visible-height", `${target.height}px`);
  window.scrollTo(0, 0);
}

for (const { code, name } of config.languages) {
  const button = pushButton("language", name);
  button.lang = code;
  button.addEventListener("click", () => chooseLanguage(code));
  byId("languages").append(button);
}
translatePage();
byId("bottom").hidden = false;
input.value = memory.draft ?? "";
fitInput();
input.addEventListener("input", fitInput);
input.addEventListener("input", saveDraft);
input.addEventListener("keydown", sendOnEnter);
byId("composer").addEventListener("submit", submitInput);
scroller.addEventListener("scroll", trackReader, { passive: true });
window.visualViewport?.addEventListener("resize", fitScreen);
new ResizeObserver(keepInView).observe(scroller);
if (matchMedia("(hover: hover) and (pointer: fine)").matches) input.focus();
enqueue({ kind: "start", text: "" });
