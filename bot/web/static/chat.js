// Joins the line, the view and the recorder to the page's buttons.
// Never holds words or rules of the conversation: the server does.
(function (S) {
  "use strict";
  const find = S.find;
  const words = find("words");
  let botLanguage = null;
  let dots = 0;
  let since = 0;
  let waiting = false; // for an answer to what was just sent

  const view = new S.View({
    tap: (payload, label, message) => {
      view.tap(line.post({ kind: "tap", payload: payload, message: message, label: label }));
      wait();
    },
    hear: (payload, message) => line.post({ kind: "tap", payload: payload, message: message }),
    retry: () => line.hurry(),
    file: download,
  });

  const line = new S.Line({
    start: () => {
      const link = new URLSearchParams(location.search).get("start") || "";
      return { kind: "start", payload: /^[\w-]{1,64}$/.test(link) ? link : "", language: S.recall("language") };
    },
    history: (batch) => {
      view.clear();
      stand(batch);
      batch.lines.forEach(draw);
      line.queue.forEach((item) => {
        if (item.text || item.media) view.mine(item);
        else if (item.payload) view.oldTap(item, item);
      });
      view.toEnd();
    },
    batch: (batch) => {
      stand(batch);
      if (!batch.lines.length) return;
      const asked = waiting;
      rest();
      view.settle(() => batch.lines.forEach(draw), asked);
    },
    gone: () => view.fade(),
    item: (item) => {
      if (item.text || item.media) {
        if (view.items[item.id]) view.state(item);
        else if (item.state !== "sent") view.settle(() => view.mine(item), true); // else it was hidden since
      } else if (item.payload) view.state(item);
      if (item.state === "failed" || item.state === "refused") rest();
      else if (item.state === "sending") wait();
    },
    up: () => view.notice(null),
    down: () => { view.notice("chat.offline"); rest(); },
  });

  const voice = new S.Voice((blob, seconds) => {
    line.post({ kind: "media", media: "voice", blob: blob, seconds: seconds });
  });

  // A line may first take back everything, or what was sent under some page ids.
  function draw(line) {
    if (line.hides === "chat") view.clear();
    else if (line.hides) line.hides.split(" ").forEach((id) => view.items[id] && view.items[id].remove());
    view.line(line);
  }

  // How the chat stands: the bot's language (followed when it changes) and who answers.
  function stand(batch) {
    if (batch.since > since) view.clear(); // what was said before is not for whoever has the page now
    since = batch.since;
    if (batch.language && batch.language !== botLanguage) {
      if (botLanguage || !S.recall("language")) speak(batch.language);
      botLanguage = batch.language;
    }
    const status = find("status");
    status.setAttribute("data-w", batch.staff ? "chat.status-staff" : "chat.status-bot");
    status.textContent = S.say(status.getAttribute("data-w"));
    document.body.classList.toggle("with-staff", batch.staff);
  }

  function speak(language) {
    S.keep("language", language);
    view.words(language);
  }

  function wait() {
    clearTimeout(dots);
    waiting = true;
    view.typing(!document.body.classList.contains("with-staff") && navigator.onLine !== false);
    dots = setTimeout(() => {
      rest();
      view.release();
      line.heal();
    }, 15000);
  }

  function rest() {
    clearTimeout(dots);
    waiting = false;
    view.typing(false);
  }

  function command(name, argument) {
    line.post({ kind: "command", name: name, argument: argument || "" });
  }

  async function download(id, name) {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await line.file(id));
      link.download = name;
      document.body.appendChild(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch (failed) {
      view.notice(failed.error || "web.error.network");
    }
  }

  // --- the composer ---------------------------------------------------------------------------

  function grow() {
    const empty = !words.value.trim();
    words.style.height = "auto";
    words.style.height = words.scrollHeight + 2 + "px";
    find("send").hidden = empty;
    find("mic").hidden = !empty;
  }

  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (!text) return;
    words.value = "";
    grow();
    words.focus();
    line.post({ kind: "text", text: text });
  });
  words.addEventListener("input", grow);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!find("send").hidden) find("send").click();
  });

  // --- the header -----------------------------------------------------------------------------

  find("language").addEventListener("click", () => {
    const other = S.language === "km" ? "en" : "km";
    speak(other);
    command("language", other);
  });
  find("home").addEventListener("click", () => {
    find("menu").open = false;
    command("menu");
  });
  find("forget").addEventListener("click", async () => {
    find("menu").open = false;
    if (!await S.askFirst("chat.forget-sure", "chat.forget-yes")) return;
    ["token", "unsent", "language", "microphone"].forEach((name) => S.keep(name, null));
    exit();
  });
  document.addEventListener("click", (event) => {
    if (!find("menu").contains(event.target)) find("menu").open = false;
  });

  // Quick exit: the words vanish first, then a calendar takes this page's place in the history.
  function exit() {
    document.body.hidden = true;
    document.title = "";
    voice.end(false);
    location.replace("/exit");
  }

  let shifts = [];
  find("exit").addEventListener("click", exit);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") find("menu").open = false;
    shifts = event.key === "Shift" ? shifts.concat(Date.now()).slice(-3) : [];
    if (shifts.length === 3 && shifts[2] - shifts[0] < 1500) exit();
  });

  const chosen = S.recall("language");
  view.words(chosen === "km" || chosen === "en" ? chosen : S.language);
  grow();
  line.run();
})(Spean);
