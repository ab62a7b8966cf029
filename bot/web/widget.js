/**
 * The chat on an organisation's own site: <script src="https://bot.example.org/widget.js" defer></script>
 *
 * Puts a button into a corner of the page; it opens the chat page in a frame, which is loaded only
 * then. The site's styles stay out, as all of this lives in a shadow root, and a strict
 * Content-Security-Policy of the site is obeyed: no inline style, no markup made of text.
 *
 * Attributes of the script tag, all optional:
 *   data-language   th or en; else the page's own lang, else the browser's
 *   data-position   left; else right
 *   data-color      any CSS colour, of the button
 *
 * The bot fills in its names and the origins that may show it (WIDGET_ORIGINS).
 */
(function (config) {
  "use strict";

  /** At most this large, the chat takes the whole screen and all else waits behind it. */
  const PHONE = matchMedia("(max-width: 480px), (max-height: 480px)");

  // In pixels: a rem is the site's. The colours are those of chat.css.
  const STYLE = `
    :host { all: initial !important; }
    .launcher, .panel, .close {
      --surface: #fff; --line: #ccd5de; --ink: #18222e; --hover: #e6eef7; --ring: #1b66bd;
      box-sizing: border-box;
    }
    .launcher {
      --accent: #1c4570; --on-accent: #fff;
      position: fixed; inset-block-end: 20px; z-index: 2147483646;
      display: grid; place-items: center; inline-size: 60px; block-size: 60px;
      margin: 0; padding: 0; border: 2px solid #fff; border-radius: 50%;
      background: var(--accent); color: var(--on-accent); cursor: pointer;
      box-shadow: 0 4px 16px rgb(24 34 46 / 30%);
      -webkit-tap-highlight-color: transparent;
    }
    .right { right: max(20px, env(safe-area-inset-right)); }
    .left { left: max(20px, env(safe-area-inset-left)); }
    .icon { inline-size: 30px; block-size: 30px; fill: none; stroke: currentcolor; stroke-width: 2;
      stroke-linecap: round; stroke-linejoin: round; }
    .launcher[aria-expanded="true"] .mark, .launcher[aria-expanded="false"] .down { display: none; }
    .panel {
      position: fixed; inset: auto; inset-block-end: 92px; z-index: 2147483647;
      inline-size: 400px; max-inline-size: calc(100vw - 40px);
      block-size: min(680px, 100vh - 112px); max-block-size: none;
      margin: 0; padding: 0; overflow: hidden;
      border: 1px solid var(--line); border-radius: 16px; background: var(--surface);
      box-shadow: 0 12px 40px rgb(24 34 46 / 28%);
    }
    .panel.right { right: max(20px, env(safe-area-inset-right)); }
    .panel.left { left: max(20px, env(safe-area-inset-left)); }
    .panel::backdrop { background: transparent; }
    .frame { display: block; inline-size: 100%; block-size: 100%; border: 0; }
    .close {
      position: absolute; inset-block-start: 12px; right: 10px;
      display: grid; place-items: center; inline-size: 44px; block-size: 44px;
      margin: 0; padding: 0; border: 0; border-radius: 10px;
      background: transparent; color: var(--ink); cursor: pointer;
    }
    .close .icon { inline-size: 24px; block-size: 24px; }
    .launcher:focus-visible, .close:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
    @media (hover: hover) {
      .launcher:hover { filter: brightness(1.15); }
      .close:hover { background: var(--hover); }
    }
    @media ${PHONE.media} {
      .panel, .panel.left, .panel.right {
        inset: var(--top, 0) 0 auto; inline-size: 100%; max-inline-size: none;
        block-size: var(--height, 100dvh); border: 0; border-radius: 0;
      }
    }
    @media (prefers-color-scheme: dark) {
      .launcher, .panel, .close {
        --surface: #18212c; --line: #334252; --ink: #e7edf3; --hover: #2a4260; --ring: #8fc3fa;
      }
      .launcher { --accent: #3670ac; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .panel[open] { animation: rise 0.18s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    }
    @media print { .launcher, .panel { display: none; } }
  `;

  const SHAPES = {
    mark: "M6 3.5h12A3.5 3.5 0 0 1 21.5 7v7.5A3.5 3.5 0 0 1 18 18h-6.5L7 21.5V18H6a3.5 3.5 0 0 1-3.5-3.5V7A3.5 3.5 0 0 1 6 3.5zM7.5 9h9M7.5 12.8h5.5",
    down: "m6 9.5 6 6 6-6",
    cross: "m6.5 6.5 11 11m0-11-11 11",
  };

  const script = document.currentScript;
  const bot = new URL(script.src);
  const state = { frame: null };

  if (!config.origins.includes(location.origin)) {
    console.warn(`infobot: ${location.origin} is not among the WIDGET_ORIGINS of ${bot.origin}`);
    return;
  }

  const wishes = [script.dataset.language, document.documentElement.lang, ...navigator.languages];
  const known = wishes.map((wish) => (wish ?? "").toLowerCase().split("-")[0]);
  const language = known.find((code) => Object.hasOwn(config.names, code));
  const words = language ?? Object.keys(config.names)[0];

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(svg.namespaceURI, "path");
    svg.setAttribute("class", `icon ${name}`);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[name]);
    svg.append(path);
    return svg;
  }

  function element(tag, className, attributes, ...children) {
    const node = document.createElement(tag);
    node.className = className;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const side = script.dataset.position === "left" ? "left" : "right";
  const close = element("button", "close", { type: "button", lang: words }, icon("cross"));
  const panel = element("dialog", `panel ${side}`, { id: "panel", lang: words }, close);
  const launcher = element(
    "button",
    `launcher ${side}`,
    { type: "button", lang: words, "aria-haspopup": "dialog", "aria-controls": "panel" },
    icon("mark"),
    icon("down"),
  );
  launcher.setAttribute("aria-expanded", "false");
  for (const node of [launcher, panel]) node.setAttribute("aria-label", config.names[words]);
  launcher.title = config.names[words];
  close.ariaLabel = close.title = config.close[words];

  /** The frame says who shows it, so that the bot lets this origin alone do so. */
  function newFrame() {
    const address = new URL("widget", bot);
    address.searchParams.set("host", location.origin);
    if (language) address.searchParams.set("language", language);
    return element("iframe", "frame", { src: address.href, title: config.names[words] });
  }

  function show() {
    if (PHONE.matches) panel.showModal();
    else panel.show();
  }

  function open() {
    const isNew = !state.frame;
    if (isNew) panel.append((state.frame = newFrame()));
    show();
    launcher.setAttribute("aria-expanded", "true");
    state.frame.focus();
    // A page that is still loading sees to its focus by itself.
    if (!isNew) state.frame.contentWindow.postMessage({ infobot: "opened" }, bot.origin);
  }

  /** After the button, Escape in the page or in the frame, or a phone's back gesture. */
  function closed() {
    if (panel.open) return; // Shown anew already, in the other size.
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  }

  function closeOnEscape(event) {
    if (event.key === "Escape" && panel.open && !event.isComposing) panel.close();
  }

  function hear({ origin, source, data }) {
    if (origin !== bot.origin || source !== state.frame?.contentWindow) return;
    if (data?.infobot === "close") panel.close();
  }

  function changeSize() {
    if (!panel.open) return;
    panel.close();
    show();
  }

  /** A phone's keyboard lies over the page, and only the visual viewport tells. */
  function fitScreen({ target }) {
    panel.style.setProperty("--height", `${target.height}px`);
    panel.style.setProperty("--top", `${target.offsetTop}px`);
  }

  /** Black or white, whichever is read better on `color` (WCAG 2.2, relative luminance). */
  function readableOn(color) {
    const channels = getComputedStyle(color).backgroundColor.match(/[\d.]+/g).slice(0, 3);
    const [r, g, b] = channels.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  }

  function paint(color) {
    if (!color || !CSS.supports("background-color", color)) return;
    launcher.style.setProperty("--accent", color);
    launcher.style.setProperty("--on-accent", readableOn(launcher));
  }

  function mount() {
    if (document.querySelector("infobot-widget")) return; // The tag stands on the page twice.
    const host = document.createElement("infobot-widget");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(panel, launcher);
    document.body.append(host);
    paint(script.dataset.color);
    launcher.addEventListener("click", () => (panel.open ? panel.close() : open()));
    close.addEventListener("click", () => panel.close());
    panel.addEventListener("close", closed);
    root.addEventListener("keydown", closeOnEscape);
    window.addEventListener("message", hear);
    PHONE.addEventListener("change", changeSize);
    window.visualViewport?.addEventListener("resize", fitScreen);
    window.visualViewport?.addEventListener("scroll", fitScreen);
  }

  if (document.body) mount();
  else document.addEventListener("DOMContentLoaded", mount);
})({{config}});
