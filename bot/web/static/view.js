// What is seen: bubbles, buttons and the states of what was sent.
// Never sends anything: taps and retries are handed to the `on` callbacks.
(function (S) {
  "use strict";
  const { find, make, icon } = S;
  const STEP = /^((?:\S{1,12} )?([០-៩\d]{1,2})\/([០-៩\d]{1,2}))\s*\n+/m; // "សំណួរ ៣/៨", a line of its own
  const HEAR = /^v:/; // asks for the recordings of a message
  const ASIDE = /:~/; // keys of controls: back, skip, why…
  const MICROPHONE = "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3";
  const PAPER = "M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9 14l3 3 3-3";

  S.View = class {
    // on: tap(payload, label, message), hear(payload, message), retry(), file(id, name)
    constructor(on) {
      this.on = on;
      this.scroller = find("scroll");
      this.log = find("log");
      this.clear();
      this.scroller.addEventListener("scroll", () => { if (this.near()) find("newest").hidden = true; });
      find("newest").addEventListener("click", () => this.toEnd());
      window.addEventListener("resize", () => this.was && this.toEnd());
      this.scroller.addEventListener("scroll", () => { this.was = this.near(); });
      this.was = true;
    }

    clear() {
      this.log.textContent = "";
      this.bySeq = {}; // sequence number of a message, or of an edit of it → its element
      this.items = {}; // page id → element of what the person sent
      this.tapped = null; // { seq, label, item } until the answer comes
      this.day = 0; // time of the last day mark
      this.last = null;
    }

    // The conversation was erased: only the last thing said stays, until the page closes.
    fade() {
      const all = this.log.querySelectorAll(".them .bubble");
      const kept = all[all.length - 1];
      this.clear();
      if (!kept) return;
      const node = make("li", "line them");
      node.appendChild(kept);
      this.log.appendChild(node);
    }

    near() {
      return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 140;
    }

    toEnd() {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      find("newest").hidden = true;
    }

    // Runs `draw`, then keeps the newest lines in sight, from their beginning when they are longer than the
    // screen. Who reads further up is left there, and so is who ticks a box in a long question.
    settle(draw, force) {
      const near = this.near();
      const before = this.log.lastElementChild;
      draw();
      const first = before ? before.nextElementSibling : this.log.firstElementChild;
      if (near || (force && first)) this.toEnd();
      else if (first) find("newest").hidden = false;
      if (!first || !(near || force)) return;
      const above = this.scroller.getBoundingClientRect().top - first.getBoundingClientRect().top;
      if (above <= 0) return;
      this.scroller.scrollTop -= above + 8;
      find("newest").hidden = this.near();
    }

    words(language) {
      S.language = language;
      document.documentElement.lang = language;
      document.title = S.say("chat.title");
      const put = (name, set) => document.querySelectorAll("[data-" + name + "]").forEach((node) => {
        set(node, S.say(node.getAttribute("data-" + name)));
      });
      put("w", (node, text) => { node.textContent = text; });
      put("wl", (node, text) => node.setAttribute("aria-label", text));
      document.querySelectorAll("[data-at]").forEach((mark) => { mark.textContent = S.dayName(Number(mark.dataset.at)); });
      put("wp", (node, text) => { node.placeholder = text; });
    }

    notice(id) {
      const bar = find("notice");
      bar.hidden = !id;
      if (!id) return;
      bar.setAttribute("data-w", id);
      bar.textContent = S.say(id);
    }

    typing(shown) {
      if (shown) this.settle(() => { find("typing").hidden = false; });
      else find("typing").hidden = true;
    }

    // One line of the conversation, in order.
    line(line) {
      if (line.who !== "person") { this.part(line); return; }
      if (line.id && this.items[line.id]) { this.state({ id: line.id, state: "sent" }); return; }
      if (line.payload) { this.oldTap(line); return; }
      this.mine({ id: line.id, at: line.at, text: line.text, media: line.media, seconds: line.seconds, state: "sent" });
    }

    part(line) {
      this.answered(line);
      const before = line.replaces && this.bySeq[line.replaces];
      const name = line.replaces && before ? before.dataset.seq : String(line.seq);
      const node = this.theirs(line, name);
      if (before) this.log.replaceChild(node, before);
      else this.append(node, line.at);
      if (this.last === before) this.last = node;
      this.bySeq[name] = this.bySeq[line.seq] = node;
    }

    theirs(line, seq) {
      const node = make("li", "line them" + (line.who === "staff" ? " staff" : ""));
      const bubble = make("div", "bubble");
      node.dataset.seq = seq;
      node.dataset.who = line.who;
      if (line.who === "staff") bubble.appendChild(make("b", "", S.say("chat.staff")));
      const step = STEP.exec(line.text);
      if (step) bubble.appendChild(this.step(step));
      bubble.appendChild(S.linked(line.text.replace(STEP, "")));
      if (line.document) bubble.appendChild(this.paper(line.document));
      if (line.picture) bubble.appendChild(S.picture(line.picture));
      if (line.audio) bubble.appendChild(S.player(line.audio, Boolean(this.hearing)));
      if (line.audio) this.hearing = false;
      const pages = [].concat(...(line.rows || [])).filter((cell) => cell[2]);
      const pressed = (line.rows || []).map((row) => row.filter((cell) => !cell[2])).filter((row) => row.length);
      const [hear, rows] = [true, false].map((heard) => pressed.filter((row) => HEAR.test(row[0][1]) === heard));
      if (hear.length) bubble.appendChild(this.hear(hear[0][0], seq));
      bubble.appendChild(make("small", "", S.clock(line.at)));
      node.appendChild(bubble);
      if (pages.length) node.appendChild(S.pages(pages));
      if (rows.length) {
        this.log.querySelectorAll(".rows").forEach((old) => old.remove());
        node.appendChild(this.rows(rows, seq));
      }
      return node;
    }

    step([, text, now, all]) {
      const line = make("span", "step", text);
      const bar = make("progress");
      bar.value = S.number(now);
      bar.max = S.number(all);
      bar.setAttribute("aria-hidden", "true");
      line.appendChild(bar);
      return line;
    }

    button(kind, label, pressed) {
      const button = make("button", kind, label);
      button.type = "button";
      button.addEventListener("click", pressed);
      return button;
    }

    paper(document_) {
      const button = this.button("paper", "", () => this.on.file(document_.id, document_.name));
      button.appendChild(icon(PAPER));
      button.appendChild(make("span", "", document_.name));
      return button;
    }

    // Stays with its message: hearing answers nothing.
    hear([label, payload], seq) {
      return this.button("paper", label, () => { this.hearing = true; this.on.hear(payload, seq); });
    }

    rows(rows, seq) {
      const all = make("div", "rows");
      rows.forEach((row) => {
        const aside = row.every((cell) => ASIDE.test(cell[1]));
        const line = make("div", (row.length > 1 ? "few" : "") + (aside ? " aside" : ""));
        row.forEach((cell) => {
          const button = this.button("", cell[0], () => {
            if (this.tapped && this.tapped.item.state !== "sent") return;
            this.press(button, all);
            this.on.tap(cell[1], cell[0], seq);
          });
          button.dataset.payload = cell[1];
          line.appendChild(button);
        });
        all.appendChild(line);
      });
      return all;
    }

    // A tap is shown on its button at once, and becomes a bubble when the conversation goes on.
    tap(item) {
      this.tapped = { seq: item.message, label: item.label, item: item };
    }

    // The same after a reload: a tap of the past, or one that still waits to be sent.
    oldTap(line, item) {
      const node = this.bySeq[line.message];
      const button = node && Array.from(node.querySelectorAll(".rows button"))
        .find((each) => each.dataset.payload === line.payload);
      if (!button) return;
      this.tapped = { seq: line.message, label: button.textContent, item: item || { at: line.at, state: "sent" } };
      if (item) this.press(button, node.querySelector(".rows"));
    }

    press(button, all) {
      all.querySelectorAll("button").forEach((each) => { each.disabled = true; each.classList.remove("pressed"); });
      button.classList.add("pressed");
    }

    // Nothing answered the tap: its buttons may be used again.
    release() {
      this.log.querySelectorAll(".rows button").forEach((each) => { each.disabled = false; each.classList.remove("pressed"); });
    }

    answered(line) {
      const tap = this.tapped;
      this.tapped = null;
      const node = tap && this.bySeq[tap.seq];
      if (!node || (line.replaces && this.bySeq[line.replaces] === node)) return;
      const rows = node.querySelector(".rows");
      if (rows) rows.remove();
      this.mine({ at: tap.item.at, text: tap.label, state: "sent" });
    }

    mine(item) {
      const node = make("li", "line me");
      const bubble = make("div", "bubble");
      node.dataset.who = "person";
      bubble.appendChild(make("span", "unseen", S.say("chat.you") + ": "));
      if (item.media) bubble.appendChild(this.wave(item));
      else bubble.appendChild(make("span", "", item.text));
      const foot = make("small", "", S.clock(item.at));
      foot.appendChild(make("span", "tick"));
      bubble.appendChild(foot);
      node.appendChild(bubble);
      if (item.id) this.items[item.id] = node;
      this.append(node, item.at);
      this.mark(node, item);
    }

    wave(item) {
      const line = make("span", "wave");
      const name = item.media === "image" ? "chat.picture" : "chat.voice";
      if (item.media !== "image") line.appendChild(icon(MICROPHONE));
      line.appendChild(make("span", "", S.say(name) + (item.seconds ? " " + S.length(item.seconds) : "")));
      return line;
    }

    // The state of something sent: a clock, a tick, or why it did not go.
    state(item) {
      const node = item.payload ? this.pressed(item) : this.items[item.id];
      if (node) this.mark(node, item);
    }

    pressed(item) {
      const node = this.bySeq[item.message];
      const rows = node && node.querySelector(".rows");
      if (item.state === "refused") {
        this.tapped = null;
        this.release();
      }
      return rows;
    }

    mark(node, item) {
      const tick = node.querySelector(".tick");
      if (tick) {
        tick.textContent = item.state === "sent" ? "✓" : item.state === "sending" ? "🕓" : "!";
        tick.setAttribute("role", "img");
        tick.setAttribute("aria-label", S.say(item.state === "sent" || item.state === "sending" ? "chat." + item.state : "chat.not-sent"));
      }
      const old = node.querySelector(".fault");
      if (old) old.remove();
      if (item.state !== "failed" && item.state !== "refused") return;
      const said = S.say(item.state === "failed" ? "chat.not-sent" : item.error);
      const again = this.button("fault", said, () => this.on.retry());
      again.disabled = item.state === "refused";
      node.appendChild(again);
    }

    append(node, at) {
      const day = S.dayName(at);
      if (!this.day || S.dayName(this.day) !== day) {
        const mark = make("li", "day");
        mark.appendChild(make("span", "", day)).dataset.at = this.day = at;
        this.log.appendChild(mark);
        this.last = null;
      }
      if (this.last && this.last.dataset.who === node.dataset.who) node.classList.add("same");
      this.log.appendChild(node);
      this.last = node;
    }
  };
})(Spean);
