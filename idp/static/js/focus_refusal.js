/* A form that came back: begin reading at what is wrong. */

const refusal = document.querySelector("[data-refusal]");
if (refusal) refusal.focus();
