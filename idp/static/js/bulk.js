/* Tick all rows of the page at once, and say how many are ticked. Without this file each is ticked by hand. */

const form = document.getElementById("bulk-form");

if (form) {
  const boxes = [...document.querySelectorAll("input[type=checkbox][form='bulk-form']")];
  const said = form.querySelector("[data-ticked]");
  const say = () => {
    said.textContent = said.dataset.say.replace("{count}", String(boxes.filter((box) => box.checked).length));
  };
  form.querySelector("[data-tick-all-place]").hidden = boxes.length === 0;
  form.querySelector("[data-tick-all]").addEventListener("click", () => {
    const tick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = tick; });
    say();
  });
  boxes.forEach((box) => box.addEventListener("change", say));
  say();
}
