/**
 * Makes the console's forms quicker; every one of them works without it.
 */

/** A form that is under way says so, and is not sent twice. */
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  });
}

// On a telephone not all tabs fit.
document.querySelector(".tab[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A page that comes back from the browser's memory has nothing under way.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/**
 * Puts a search box in the place of a list of topics
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 */
function searchable(select) {
  const options = Array.from(select.options);
  const input = Object.assign(document.createElement("input"), {
    className: "input", id: select.id, autocomplete: "off", placeholder: options[0]?.text ?? "",
  });
  const list = Object.assign(document.createElement("ul"), {
    className: "found", id: `${select.id}-found`, hidden: true,
  });
  const label = document.querySelector(`label[for="${select.id}"]`);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.textContent);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  select.removeAttribute("id");
  select.hidden = true;

  let active = -1;
  const shown = () => Array.from(list.children);

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const items = shown();
    if (!items.length) return;
    active = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    items[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[active].id);
  }

  function choose(item) {
    select.value = item.dataset.value;
    input.value = item.textContent;
    close();
  }

  function search() {
    const wanted = input.value.trim().toLocaleLowerCase();
    const found = options.filter(({ value, text }) =>
      value && (text.toLocaleLowerCase().includes(wanted) || value.includes(wanted)));
    list.replaceChildren(...found.map((option, at) => {
      const item = Object.assign(document.createElement("li"), {
        id: `${list.id}-${at}`, textContent: option.text,
      });
      item.dataset.value = option.value;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      return item;
    }));
    active = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    input.removeAttribute("aria-activedescendant");
  }

  input.addEventListener("focus", search);
  input.addEventListener("input", () => {
    select.value = "";
    search();
  });
  input.addEventListener("blur", close);
  // Before the input loses its focus, and with it the list.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) choose(item);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      if (!list.hidden && active >= 0) choose(shown()[active]);
    } else return;
    event.preventDefault();
  });

  const box = Object.assign(document.createElement("div"), { className: "search" });
  select.replaceWith(box);
  box.append(select, input, list);
}

document.querySelectorAll("select[data-search]").forEach(searchable);

/** What is still being checked is looked at again. */
if (document.querySelector("[data-refresh]")) setTimeout(() => location.reload(), 2_000);
