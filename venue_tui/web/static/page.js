// The page around the terminal: which session it is, copying, files, and keys for those who have none.
(function () {
  "use strict";
  var socket = null;

  function send(message) {
    if (socket && socket.readyState === 1) socket.send(JSON.stringify(message));
  }

  // The session of this tab, which a reload finds again. Private windows may keep nothing.
  function session() {
    var kept = null;
    try { kept = sessionStorage.getItem("tab"); } catch (nothing) { /* a session of its own */ }
    // A tab that was duplicated has the other's storage, but not its name.
    if (!kept || window.name !== kept) {
      kept = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) {
        return b.toString(16).padStart(2, "0"); }).join("");
      try { sessionStorage.setItem("tab", kept); } catch (nothing) { /* as above */ }
      window.name = kept;
    }
    return kept;
  }

  // Textual's script opens the socket and knows three kinds of messages; ours are taken out here.
  var Plain = window.WebSocket, quiet = false;
  window.WebSocket = function (url) {
    socket = new Plain(url);
    socket.send = function (data) {
      if (!quiet) Plain.prototype.send.call(this, data);
    };
    socket.addEventListener("message", function (event) {
      if (typeof event.data !== "string") return;
      var message = JSON.parse(event.data), act = ours[message[0]];
      if (act) { event.stopImmediatePropagation(); act(message[1]); }
    });
    return socket;
  };

  var ours = {
    copy: function (told) { copy(told.text); },
    writing: function (told) { write(told.on); },
    // A link that is followed, because a window that opens by itself is held back.
    deliver_file_start: function (key) {
      var link = document.createElement("a");
      link.href = "/download/" + key;
      link.download = "";
      link.click();
    }
  };

  // What is typed while the terminal isn't there yet is kept for it, in order: were a name lost, the
  // secret after it would be readable in its place.
  var early = [], there = false;
  var named = { Enter: "\r", Tab: "\t", Backspace: "\x7f", Escape: "\x1b", ArrowUp: "\x1b[A",
    ArrowDown: "\x1b[B", ArrowRight: "\x1b[C", ArrowLeft: "\x1b[D" };
  document.addEventListener("keydown", function (event) {
    if (there || event.ctrlKey || event.metaKey || event.altKey) return;
    var keys = event.key.length === 1 ? event.key : named[event.key];
    if (!keys) return;
    early.push(keys);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  function typing() { return document.querySelector(".xterm-helper-textarea"); }

  // Over plain HTTP a page has no clipboard but the old command, and that only just after a key.
  function copy(text) {
    function old() {
      var area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      document.body.appendChild(area);
      area.select();
      var done = false;
      try { done = document.execCommand("copy"); } catch (no) { /* false */ }
      area.remove();
      typing().focus();
      return done;
    }
    function answer(done) {
      send(["copied", done]);
      if (done) return;
      var shown = document.getElementById("uncopied");
      shown.value = text;
      shown.parentNode.hidden = false;
      shown.focus();
      shown.select();
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(
        function () { answer(true); }, function () { answer(old()); });
    } else answer(old());
  }

  // A phone's keyboard comes up where something can be typed, and when it is asked for.
  var wanted = false, coarse = window.matchMedia("(pointer: coarse)");
  function write(on) {
    wanted = on;
    var area = typing(), mode = on ? "text" : "none";
    document.getElementById("keyboard").setAttribute("aria-pressed", String(on));
    if (!area) return;
    if (coarse.matches && area.inputMode !== mode) {
      area.inputMode = mode;
      if (document.activeElement === area) {  // some only look at it when the focus comes
        quiet = true;
        area.blur();
        area.focus({ preventScroll: true });
        quiet = false;
      }
    }
    if (document.activeElement === document.body) area.focus({ preventScroll: true });
  }

  function begin() {
    var terminal = document.getElementById("terminal"), keys = document.getElementById("keys");
    var scheme = location.protocol === "https:" ? "wss://" : "ws://";
    terminal.dataset.sessionWebsocketUrl = scheme + location.host + "/ws/" + session();
    if (innerWidth < 600) terminal.dataset.fontSize = Math.min(terminal.dataset.fontSize, 13);
    document.getElementById("again").addEventListener("click", function () {
      window.name = "";
      location.reload();
    });
    document.getElementById("done").addEventListener("click", function () {
      document.getElementById("uncopied").parentNode.hidden = true;
      typing().focus();
    });
    // What is touched keeps the focus where it is: in the terminal.
    keys.addEventListener("pointerdown", function (event) { event.preventDefault(); });
    keys.addEventListener("click", function (event) {
      var key = event.target.closest("button");
      if (!key) return;
      if (key.id === "keyboard") write(!wanted);
      else send(["stdin", key.dataset.keys]);
    });
    drag(terminal);
    new MutationObserver(function () {
      var classes = document.body.classList;
      if (classes.contains("-closed")) document.getElementById("again").focus();
      else if (classes.contains("-first-byte") && !there) {
        there = true;
        write(wanted);
        if (early.length) send(["stdin", early.join("")]);
      }
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new ResizeObserver(function () { if (window.onresize) window.onresize(); }).observe(terminal);
  }

  // A finger that moves turns the wheel, a line for every line of the screen.
  function drag(terminal) {
    var from = null;
    terminal.addEventListener("touchstart", function (event) {
      from = event.touches.length === 1 ? event.touches[0].clientY : null;
    }, { passive: true });
    terminal.addEventListener("touchmove", function (event) {
      if (from === null) return;
      var at = event.touches[0], by = from - at.clientY;
      if (Math.abs(by) < 18) return;
      from = at.clientY;
      event.target.dispatchEvent(new WheelEvent("wheel", {
        deltaY: by > 0 ? 1 : -1, deltaMode: 1, bubbles: true, cancelable: true,
        clientX: at.clientX, clientY: at.clientY
      }));
    }, { passive: true });
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
