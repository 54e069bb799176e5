// On a phone Streamlit's menu is a list with boxes between the list and its items, which assistive technology cannot
// follow: read as sections of links instead, it is sound.
window.nqpfMenu ??= (() => {
  const menu = '[data-testid="stSidebarNavItems"]';
  const mend = () => document.querySelectorAll(`${menu}:not([role]), ${menu} li:not([role])`)
    .forEach((element) => element.setAttribute("role", "presentation"));
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();
  return true;
})();
