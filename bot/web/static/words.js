// Words, digits, times and links of the page.
// Never changes what is shown by itself.
(function (S) {
  "use strict";
  const WORDS = JSON.parse(document.body.dataset.words);
  const LINKS = /(https?:\/\/[^\s<>"]+)|((?:☎|📞)\s*[+\d០-៩][\d០-៩ ]+|(?:\+855|0)[1-9][\d ]{6,12}\d|\b1[12]\d\d?(?=,|\n|$))/g;
  S.find = (id) => document.getElementById(id);
  S.language = document.documentElement.lang;

  S.say = function (id) {
    return WORDS[S.language][id.replace(/^web\./, "")] || id;
  };

  S.digits = function (text) {
    return S.language === "km" ? String(text).replace(/\d/g, (digit) => "០១២៣៤៥៦៧៨៩"[digit]) : String(text);
  };

  S.latin = (text) => text.replace(/[០-៩]/g, (digit) => "០១២៣៤៥៦៧៨៩".indexOf(digit));
  S.number = (text) => Number(S.latin(text));

  // Phnom Penh is UTC+7 all year.
  const local = (at) => new Date(at + 7 * 3600000).toISOString();
  S.clock = (at) => S.digits(local(at).slice(11, 16));

  S.dayName = function (at) {
    const day = local(at).slice(0, 10);
    if (day === local(Date.now()).slice(0, 10)) return S.say("chat.today");
    if (day === local(Date.now() - 86400000).slice(0, 10)) return S.say("chat.yesterday");
    const [year, month, date] = day.split("-");
    return S.digits(Number(date) + "/" + Number(month) + "/" + year);
  };

  S.make = function (tag, name, text) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  S.icon = function (path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.appendChild(line);
    return svg;
  };

  // Addresses and telephone numbers can be touched; everything else stays text.
  S.linked = function (text) {
    const span = S.make("span");
    let done = 0;
    text.replace(LINKS, (whole, address, phone, at) => {
      span.appendChild(document.createTextNode(text.slice(done, at)));
      const link = S.make("a", "", whole);
      if (address) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
      link.href = address || "tel:" + S.latin(phone).replace(/[^+\d]/g, "");
      span.appendChild(link);
      done = at + whole.length;
      return whole;
    });
    span.appendChild(document.createTextNode(text.slice(done)));
    return span;
  };
})(Spean);
