// The slash key goes to the search box, from anywhere but a box in which somebody types.
const box = document.querySelector("input[data-search]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
