// What comes with a message: a recording, a picture, and buttons that open pages.
// Never fetches a sound before somebody listens, and never tells a page from where it was opened.
(function (S) {
  "use strict";
  const { make } = S;

  S.player = function (address, atOnce) {
    const player = make("audio");
    player.controls = true;
    player.autoplay = atOnce;
    player.preload = "none"; // who does not listen pays for nothing
    player.src = address;
    player.setAttribute("aria-label", S.say("chat.voice"));
    return player;
  };

  S.picture = function (address) {
    const shown = make("img");
    shown.alt = S.say("chat.picture");
    shown.src = address;
    return shown;
  };

  // They stay when the other buttons go.
  S.pages = function (cells) {
    const all = make("div", "pages");
    cells.forEach(([label, , address]) => {
      const link = make("a", "", label);
      link.href = address;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      all.appendChild(link);
    });
    return all;
  };
})(Spean);
