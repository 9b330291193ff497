// Leads from a citation mark to its quote, and copies answers. Reads only what the server wrote
// into ids and values; builds no HTML.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");
  const wide = () => matchMedia("(min-width: 900px)").matches;

  function showTurn(turn) {
    const section = byId(`yj-p-${turn}`);
    if (!section) return null;
    for (const other of document.querySelectorAll(".yj-sources")) other.hidden = other !== section;
    return section;
  }

  function mark(selector, chosen) {
    for (const old of document.querySelectorAll(`${selector}.yj-on`)) old.classList.remove("yj-on");
    chosen?.classList.add("yj-on");
  }

  // Beside the chat the panel scrolls on its own; below it the whole page does.
  function reveal(card, target) {
    const frame = byId("yj-right");
    if (wide() && frame) {
      const top = target.getBoundingClientRect().top - frame.getBoundingClientRect().top;
      const room = Math.max(24, (frame.clientHeight - target.offsetHeight) / 3);
      frame.scrollTo({ top: frame.scrollTop + top - room, behavior: behavior() });
    } else {
      card.scrollIntoView({ block: "start", behavior: behavior() });
    }
  }

  function openCitation(button) {
    const [turn] = button.value.split("-");
    if (!showTurn(turn)) return;
    const card = byId(`yj-c-${button.value}`);
    if (!card) return;
    mark(".yj-card", card);
    mark(".yj-cite", button);
    reveal(card, card.querySelector("mark") ?? card);
  }

  function openSources(turn) {
    const section = showTurn(turn);
    if (!section) return;
    mark(".yj-card", null);
    mark(".yj-cite", null);
    if (wide()) byId("yj-right")?.scrollTo({ top: 0, behavior: behavior() });
    else section.scrollIntoView({ block: "start", behavior: behavior() });
  }

  async function copy(button) {
    const source = byId(`yj-copy-${button.value}`);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      const area = document.createElement("textarea"); // http on another host: no clipboard
      area.value = source.textContent;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.classList.add("yj-copied");
    setTimeout(() => button.classList.remove("yj-copied"), 1600);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.matches(".yj-cite")) openCitation(button);
    else if (button.matches(".yj-show")) openSources(button.value);
    else if (button.matches(".yj-copy")) void copy(button);
    else if (button.matches(".yj-back"))
      byId(`yj-t-${button.value}`)?.scrollIntoView({ block: "center", behavior: behavior() });
  });
})();
