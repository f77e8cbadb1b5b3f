// The voice recorder: MediaRecorder where there is one, the phone's own recorder otherwise.
// Never opens the microphone before the person was told why, and never keeps it open.
(function (S) {
  "use strict";
  const LONGEST = 300; // seconds
  const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
  const find = S.find;

  S.length = function (seconds) {
    const whole = Math.floor(seconds);
    return S.digits(Math.floor(whole / 60) + ":" + ("0" + (whole % 60)).slice(-2));
  };

  // A question over the page. Resolves true or false; Escape and the dark edge mean no.
  S.askFirst = function (text, yes) {
    const sheet = find("ask");
    const before = document.activeElement;
    find("ask-text").textContent = S.say(text);
    find("ask-yes").textContent = S.say(yes);
    sheet.hidden = false;
    find("ask-yes").focus();
    return new Promise((answer) => {
      const close = (agreed) => {
        sheet.hidden = true;
        sheet.onclick = sheet.onkeydown = null;
        if (before) before.focus();
        answer(agreed);
      };
      sheet.onclick = (event) => {
        if (event.target === sheet || event.target.id === "ask-no") close(false);
        if (event.target.id === "ask-yes") close(true);
      };
      sheet.onkeydown = (event) => {
        if (event.key === "Escape") close(false);
        if (event.key !== "Tab") return;
        event.preventDefault();
        find(document.activeElement.id === "ask-yes" ? "ask-no" : "ask-yes").focus();
      };
    });
  };

  S.Voice = class {
    // send(blob, seconds)
    constructor(send) {
      this.send = send;
      this.recorder = null;
      find("mic").addEventListener("click", () => this.begin());
      find("drop").addEventListener("click", () => this.end(false));
      find("done").addEventListener("click", () => this.end(true));
      find("file").addEventListener("change", () => {
        const file = find("file").files[0];
        find("file").value = "";
        if (file) this.send(file, 0);
      });
      document.addEventListener("visibilitychange", () => document.hidden && this.end(false));
    }

    able() {
      return window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
    }

    async begin() {
      if (!this.able()) { find("file").click(); return; }
      if (!S.recall("microphone") && !await S.askFirst("chat.mic-ask", "chat.go-on")) return;
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch (refused) {
        S.keep("microphone", null);
        if (await S.askFirst("chat.mic-refused", "chat.mic-file")) find("file").click();
        return;
      }
      S.keep("microphone", "1");
      this.record(stream);
    }

    record(stream) {
      const kind = KINDS.find((each) => MediaRecorder.isTypeSupported && MediaRecorder.isTypeSupported(each));
      const options = { audioBitsPerSecond: 24000 };
      if (kind) options.mimeType = kind;
      const recorder = new MediaRecorder(stream, options);
      const pieces = [];
      const began = Date.now();
      recorder.ondataavailable = (event) => pieces.push(event.data);
      recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        clearInterval(this.ticking);
        this.show(false);
        const seconds = (Date.now() - began) / 1000;
        if (this.wanted && seconds > 0.5) this.send(new Blob(pieces, { type: recorder.mimeType }), seconds);
        this.recorder = null;
      };
      this.recorder = recorder;
      recorder.start();
      this.show(true);
      this.ticking = setInterval(() => {
        const seconds = (Date.now() - began) / 1000;
        find("timer").textContent = S.length(seconds);
        if (seconds >= LONGEST) this.end(true);
      }, 250);
    }

    end(wanted) {
      if (!this.recorder || this.recorder.state === "inactive") return;
      this.wanted = wanted;
      this.recorder.stop();
    }

    show(recording) {
      find("composer").hidden = recording;
      find("recorder").hidden = !recording;
      find("timer").textContent = S.length(0);
      find(recording ? "done" : "mic").focus();
    }
  };
})(Spean);
