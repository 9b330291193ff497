"use strict";
// Without this script every card is there, closed; it only adds the filter above them.
(() => {
  const tools = document.getElementById("tools");
  if (!tools) return;
  const cards = [...document.querySelectorAll("details.case")];
  const texts = cards.map((card) => card.textContent.toLowerCase());
  const [fault, kind, text, toggle, count] = ["by-fault", "by-kind", "by-text", "toggle", "count"]
    .map((id) => document.getElementById(id));
  const show = () => {
    const wanted = text.value.trim().toLowerCase();
    let left = 0;
    cards.forEach((card, i) => {
      card.hidden = !(
        (!fault.value || card.dataset.fault === fault.value) &&
        (!kind.value || card.dataset.kind === kind.value) &&
        texts[i].includes(wanted)
      );
      left += card.hidden ? 0 : 1;
    });
    count.textContent = `${left} / ${cards.length} 题`;
  };
  [fault, kind, text].forEach((field) => field.addEventListener("input", show));
  toggle.addEventListener("click", () => {
    const open = toggle.textContent === "全部展开";
    cards.forEach((card) => { card.open = open && !card.hidden; });
    toggle.textContent = open ? "全部收起" : "全部展开";
  });
  tools.hidden = false;
  show();
})();
