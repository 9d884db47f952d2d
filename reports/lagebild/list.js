"use strict";
/* Filter and sort of the list of cases. It only hides and moves rows that are there; what it writes, it writes as text. */
(() => {
  const search = document.getElementById("suche");
  const count = document.getElementById("anzahl");
  const table = document.getElementById("vorgaenge");
  const bodies = [...table.tBodies]; /* cases of the week, and those that closed before */
  const heads = [...table.tHead.rows[0].cells];
  const text = document.getElementById("suche-text");
  const order = document.getElementById("suche-folge");
  const choices = [...search.querySelectorAll("select[data-column]")];
  const language = document.documentElement.lang;
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  const number = new Intl.NumberFormat(language).format;

  const folded = (said) => said.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  /* Who has no umlauts on the keyboard types "Haende"; "Hände" is "hande" here. */
  const spelt = (said) => folded(said).replace(/([aou])e/gu, "$1");
  const value = (cell) => (cell.querySelector("strong") ?? cell).textContent;
  const key = (cell) => cell.dataset.key ?? cell.textContent;
  const numbered = (row) => row.cells[0].textContent.trim().split(/\s+/u).at(-1);
  /* A region is found by its names in other languages too; its option keeps them once for all its cases. */
  const also = new Map([...search.querySelectorAll("option[data-also]")].map((one) => [one.textContent, one.dataset.also]));
  const said = (row) => {
    const cells = [...row.cells].map((cell) => `${cell.textContent} ${cell.dataset.also ?? also.get(cell.textContent) ?? ""}`).join(" ");
    return [folded(cells), spelt(cells), folded(numbered(row).replaceAll("-", ""))].join(" ");
  };
  const cases = bodies.flatMap((body) => [...body.rows].filter((row) => !row.className).map((row) => ({
    row,
    body,
    text: said(row),
    number: numbered(row),
    values: [...row.cells].map(value),
    keys: [...row.cells].map(key),
  })));

  /* A number of a case alone, however its parts are set apart and without their noughts. */
  const asNumber = (typed) => {
    const parts = /^\s*k?[\s\p{Pd}]*(\d{4})[\s\p{Pd}]+(\d{1,2})(?:[\s\p{Pd}]+(\d+))?\s*$/iu.exec(typed);
    return parts && `k${parts[1]}${parts[2].padStart(2, "0")}${parts[3]?.padStart(2, "0") ?? ""}`;
  };

  const filter = () => {
    const words = (asNumber(text.value) ?? text.value).split(/\s+/u).map((word) => [folded(word), spelt(word)]);
    const chosen = choices.filter((choice) => choice.value);
    let shown = 0;
    for (const one of cases) {
      const fits = words.every((forms) => forms.some((form) => one.text.includes(form)))
        && chosen.every((choice) => one.values[choice.dataset.column] === choice.value);
      one.row.hidden = !fits;
      shown += fits;
    }
    for (const body of bodies) body.hidden = cases.every((one) => one.body !== body || one.row.hidden);
    count.textContent = (shown ? count.dataset.text : count.dataset.none).replace("#", number(shown));
  };

  /* What has no value stands last in either direction; ties keep the order of the issue. */
  const sort = (column, direction) => {
    const sorted = column === "" ? cases : [...cases].sort((one, other) => {
      const [here, there] = [one.keys[column], other.keys[column]];
      if (here === "" || there === "") return (here === "") - (there === "");
      return direction * compare(here, there);
    });
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    if (column !== "") heads[column].setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    order.value = column;
    for (const body of bodies) body.append(...sorted.filter((one) => one.body === body).map((one) => one.row));
  };

  /* On paper all stand by number, closed ones among the others, unless the reader chose another order. */
  window.addEventListener("beforeprint", () => {
    if (order.value !== "") return;
    const byNumber = [...cases].sort((one, other) => compare(one.number, other.number));
    bodies[0].append(...byNumber.map((one) => one.row));
    bodies[0].hidden = false;
    bodies.slice(1).forEach((body) => { body.hidden = true; });
  });
  window.addEventListener("afterprint", () => {
    if (order.value !== "") return;
    sort("", 1);
    filter();
  });

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(column, head.ariaSort === "ascending" ? -1 : 1));
    order.add(new Option(head.textContent, column));
    head.replaceChildren(button);
  });
  order.addEventListener("change", () => sort(order.value, 1));
  text.addEventListener("input", filter);
  choices.forEach((choice) => choice.addEventListener("change", filter));
  document.getElementById("suche-leeren").addEventListener("click", () => {
    text.value = "";
    choices.forEach((choice) => { choice.value = ""; });
    filter();
    sort("", 1);
    text.focus();
  });
  search.hidden = false;
  filter();
})();
