// The line to the server: the browser's token, what waits to be sent, and the long poll.
// Never touches the page: it reports through the `on` callbacks.
var Spean = Spean || {};
(function (S) {
  "use strict";
  const memory = {}; // for browsers that refuse storage
  S.recall = function (key) {
    try { return localStorage.getItem("spean." + key); } catch (refused) { return memory[key] || null; }
  };
  S.keep = function (key, value) {
    memory[key] = value;
    try {
      if (value === null) localStorage.removeItem("spean." + key);
      else localStorage.setItem("spean." + key, value);
    } catch (refused) { return; }
  };
  S.newId = function () {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (byte) => ("0" + byte.toString(16)).slice(-2)).join("");
  };

  // A failed request: `status` 0 is the network, `error` a message id, `after` seconds asked for.
  function fault(status, error, after) {
    return { status: status, error: error || "web.error.network", after: after || 0 };
  }

  function retryable(failed) {
    return failed.status === 0 || failed.status === 408 || failed.status >= 500 ||
      (failed.status === 429 && failed.error !== "web.error.uploads");
  }

  async function ask(path, options, seconds) {
    const stop = window.AbortController ? new AbortController() : null;
    const timer = setTimeout(() => stop && stop.abort(), seconds * 1000);
    const call = Object.assign({ cache: "no-store", credentials: "omit", headers: {} }, options);
    if (stop) call.signal = stop.signal;
    const token = S.recall("token");
    if (token) call.headers.Authorization = "Bearer " + token;
    let answer;
    try {
      answer = await fetch("/chat/api/" + path, call);
      if (answer.ok) return options && options.file ? await answer.blob() : await answer.json();
    } catch (broken) {
      throw fault(0);
    } finally {
      clearTimeout(timer);
    }
    const said = await answer.json().catch(() => ({}));
    throw fault(answer.status, said.error, Number(answer.headers.get("Retry-After")));
  }

  S.Line = class {
    // on: batch(batch), history(batch), gone(), item(item), start(), up(), down()
    constructor(on) {
      this.on = on;
      this.forget();
      this.queue = this.saved();
      this.wake = () => undefined;
      this.sending = false;
      this.fails = 0;
      window.addEventListener("online", () => this.hurry());
      window.addEventListener("offline", () => this.on.down());
      document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    }

    // Words typed but not yet sent survive a reload; recordings do not.
    saved() {
      try { return JSON.parse(S.recall("unsent") || "[]"); } catch (broken) { return []; }
    }

    save() {
      const kept = this.queue.filter((item) => !item.blob);
      S.keep("unsent", kept.length ? JSON.stringify(kept) : null);
    }

    hurry() {
      this.fails = 0;
      this.wake();
      this.pump();
    }

    pause(seconds) {
      return new Promise((go) => {
        const timer = setTimeout(go, seconds * 1000);
        this.wake = () => { clearTimeout(timer); go(); };
      });
    }

    shown() {
      if (!document.hidden) return Promise.resolve();
      return new Promise((go) => { this.wake = go; });
    }

    async run() {
      let opened = false;
      for (;;) {
        await this.shown();
        try {
          opened = opened || await this.open();
          const began = Date.now();
          const batch = await ask("events?wait=25&after=" + this.after, {}, 40);
          this.fails = 0;
          this.on.up();
          await this.take(batch);
          this.pump();
          if (!batch.lines.length && Date.now() - began < 1000) await this.pause(2);
        } catch (failed) {
          if (failed.status === undefined) throw failed;
          if (failed.status === 401) { opened = false; S.keep("token", null); }
          this.fails += 1;
          if (this.fails > 1 || navigator.onLine === false) this.on.down();
          const back = Math.min(30, Math.pow(2, this.fails - 1)) * (0.75 + Math.random() / 2);
          await this.pause(Math.max(failed.after, back));
        }
      }
    }

    async open() {
      this.forget();
      if (!S.recall("token")) {
        S.keep("token", (await ask("session", { method: "POST" }, 30)).token);
      }
      const batch = await ask("history", {}, 40);
      this.note(batch);
      this.on.history(batch);
      this.on.up();
      if (!batch.lines.length && !this.queue.length) this.post(this.on.start());
      this.pump();
      return true;
    }

    note(batch) {
      this.language = batch.language;
      batch.lines.forEach((line) => {
        if (!line.seq) return;
        this.after = Math.max(this.after, line.seq);
        this.known[line.seq] = line.at;
      });
    }

    // A lost answer is sent again, so known lines are dropped. After an erasure the numbers begin anew:
    // then the conversation is asked for afresh.
    async take(batch) {
      const old = batch.lines.filter((line) => line.seq <= this.after);
      if (old.some((line) => this.known[line.seq] !== line.at)) { await this.open(); return; }
      if (this.language && !batch.language) { this.forget(); this.on.gone(); }
      const fresh = batch.lines.filter((line) => line.seq > this.after);
      this.note(batch);
      this.on.batch(Object.assign({}, batch, { lines: fresh }));
    }

    // Nothing came for a long while: is there a conversation that the poll does not see?
    async heal() {
      try {
        const batch = await ask("history", {}, 40);
        if (batch.lines.reduce((newest, line) => Math.max(newest, line.seq), 0) !== this.after) await this.open();
      } catch (failed) {
        if (failed.status === undefined) throw failed;
      }
    }

    forget() {
      this.after = 0;
      this.language = null; // of the bot: none before it is chosen, and none after an erasure
      this.known = {};
    }

    post(event) {
      const item = Object.assign({ id: S.newId(), at: Date.now(), state: "sending" }, event);
      this.queue.push(item);
      this.save();
      this.on.item(item);
      this.pump();
      return item;
    }

    // One at a time, so that they arrive in order. The same id makes a retry harmless.
    async pump() {
      if (this.sending || !S.recall("token")) return;
      this.sending = true;
      try {
        while (this.queue.length && await this.deliver(this.queue[0])) this.save();
      } finally {
        this.sending = false;
      }
    }

    async deliver(item) {
      if (item.state !== "sending") this.turn(item, "sending");
      try {
        await (item.blob ? this.upload(item) : this.send(item));
        this.turn(item, "sent");
      } catch (failed) {
        if (failed.status === undefined) throw failed;
        item.error = failed.error;
        if (retryable(failed) || failed.status === 401) {
          this.turn(item, "failed");
          item.tries = (item.tries || 0) + 1;
          const back = Math.max(failed.after, Math.min(30, Math.pow(2, item.tries)));
          setTimeout(() => this.pump(), back * 1000);
          if (failed.status === 401) this.wake();
          return false;
        }
        this.turn(item, "refused");
      }
      this.queue.shift();
      return true;
    }

    turn(item, state) {
      item.state = state;
      this.on.item(item);
    }

    send(item) {
      const event = Object.assign({}, item);
      ["at", "state", "label", "error", "tries"].forEach((name) => delete event[name]);
      const headers = { "Content-Type": "application/json" };
      return ask("send", { method: "POST", headers: headers, body: JSON.stringify(event) }, 30);
    }

    upload(item) {
      const path = "upload?id=" + item.id + "&seconds=" + Math.round(item.seconds || 0);
      const headers = { "Content-Type": "application/octet-stream" };
      return ask(path, { method: "POST", headers: headers, body: item.blob }, 300);
    }

    file(id) {
      return ask("file/" + id, { file: true }, 120);
    }
  };
})(Spean);
