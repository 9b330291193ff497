// Leads from a citation mark to its quote, and copies answers. Reads only what the server wrote
// into ids and values; builds no HTML but a link to save a file.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");
  const wide = () => matchMedia("(min-width: 900px)").matches;

  function showTurn(turn) {
    const section = byId(`yj-p-${turn}`);
    if (!section) return null;
    for (const other of section.parentElement.querySelectorAll(".yj-sources"))
      other.hidden = other !== section;
    return section;
  }

  function mark(selector, chosen) {
    for (const old of document.querySelectorAll(`${selector}.yj-on`)) old.classList.remove("yj-on");
    chosen?.classList.add("yj-on");
  }

  // Beside the chat the panel scrolls on its own; below it the whole page does.
  function reveal(card, target) {
    const frame = card.closest("#yj-right, #yj-draft-right");
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

  // A checked draft: only what is doubtful, files to take away. A draft that grows is drawn anew
  // again and again; what the reader has opened stays open.
  const root = document.documentElement;
  let opened = "";

  function showOnly(only) {
    root.classList.toggle("yj-only-doubtful", only);
    for (const button of document.querySelectorAll(".yj-only")) button.ariaPressed = String(only);
  }

  function save(button) {
    const source = byId(`yj-copy-${button.value}`);
    if (!source) return;
    const json = button.value.endsWith("json");
    const type = json ? "application/json" : "text/markdown;charset=utf-8";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([source.textContent], { type }));
    link.download = json ? "yinju-draft.json" : "yinju-draft.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function keepOpen() {
    const card = opened && byId(`yj-c-${opened}`);
    if (card && card.closest(".yj-sources").hidden) {
      showTurn(opened.split("-")[0]);
      mark(".yj-card", card);
    }
    const button = opened && document.querySelector(`.yj-claim .yj-cite[value="${opened}"]`);
    if (button && !button.classList.contains("yj-on")) mark(".yj-cite", button);
    const only = root.classList.contains("yj-only-doubtful");
    if (only && document.querySelector('.yj-only[aria-pressed="false"]')) showOnly(true);
  }
  new MutationObserver((changes) => {
    if (changes.some((change) => change.target.closest?.("#yj-draft-main"))) keepOpen();
  }).observe(root, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.matches(".yj-cite")) {
      openCitation(button);
      if (button.closest(".yj-claim")) opened = button.value;
    } else if (button.matches(".yj-only"))
      showOnly(!root.classList.contains("yj-only-doubtful"));
    else if (button.matches(".yj-save")) save(button);
    else if (button.id === "yj-draft-go") opened = "";
    else if (button.matches(".yj-show")) openSources(button.value);
    else if (button.matches(".yj-copy")) void copy(button);
    else if (button.matches(".yj-back"))
      byId(`yj-t-${button.value}`)?.scrollIntoView({ block: "center", behavior: behavior() });
  });
})();
