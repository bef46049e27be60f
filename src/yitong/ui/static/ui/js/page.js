// What a page does better with a script. Without it every page still works.
"use strict";

(() => {
    const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

    // Focus moves into the error summary, and its links into the fields they name.
    const problems = document.getElementById("problems");
    if (problems) problems.focus();
    each(".problems a", (link) =>
        link.addEventListener("click", (event) => {
            const control = document.getElementById(link.hash.slice(1));
            if (!control) return;
            event.preventDefault();
            control.scrollIntoView({ block: "center" });
            control.focus({ preventScroll: true });
        }),
    );

    // A menu above a table applies itself; its button is for those without a script.
    each("[data-applies-itself]", (form) => {
        form.querySelector("button").hidden = true;
        form.addEventListener("change", () => form.requestSubmit());
    });

    // A dialog opens in place of the page that asks the same question; the safe choice has the focus.
    each("[data-dialog]", (opener) =>
        opener.addEventListener("click", (event) => {
            const dialog = document.getElementById(opener.dataset.dialog);
            if (!dialog || !dialog.showModal) return;
            event.preventDefault();
            dialog.showModal();
        }),
    );
    each("dialog [data-closes]", (button) =>
        button.addEventListener("click", (event) => {
            event.preventDefault();
            button.closest("dialog").close();
        }),
    );

    // 撤销 is offered for a number of seconds only.
    each("[data-expires]", (form) => setTimeout(() => form.remove(), Number(form.dataset.expires) * 1000));

    // A shown value masks itself again.
    each("[data-masks-after]", (value) =>
        setTimeout(() => location.replace(value.dataset.masksAt), Number(value.dataset.masksAfter) * 1000),
    );

    // One press, one request: a second click on the way does nothing. The server is safe without this.
    each("form[method=post]", (form) => {
        form.addEventListener("submit", (event) => {
            if (form.dataset.sent) event.preventDefault();
            form.dataset.sent = "yes";
        });
    });
    addEventListener("pageshow", () => each("form[data-sent]", (form) => delete form.dataset.sent));

    // A switch of language or size keeps what was typed on this page (never a password or a file).
    const place = `kept:${location.pathname}`;
    const typed = () => [...document.querySelectorAll("main form [name]")].filter(
        (control) => !["password", "file", "hidden", "submit"].includes(control.type) && control.name !== "csrfmiddlewaretoken",
    );
    each("[data-keeps-form]", (link) =>
        link.addEventListener("click", () => {
            const values = typed().map((control) =>
                ["radio", "checkbox"].includes(control.type) ? control.checked : control.value,
            );
            if (values.length) sessionStorage.setItem(place, JSON.stringify(values));
        }),
    );
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    sessionStorage.removeItem(place);
    if (kept) {
        const controls = typed();
        if (controls.length === kept.length) controls.forEach((control, position) => {
            if (typeof kept[position] === "boolean") control.checked = kept[position];
            else control.value = kept[position];
        });
    }

    // Keys of a staff page: the key that a control names puts the focus there, unless one is typing.
    addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (event.target.closest("input, textarea, select, [contenteditable]")) return;
        const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
        if (!control) return;
        event.preventDefault();
        control.focus();
    });

    // 朗读: the large version reads the page aloud, where the browser can.
    each("[data-aloud]", (place) => {
        if (!("speechSynthesis" in window)) return;
        place.hidden = false;
        const button = place.querySelector("button");
        const start = button.textContent;
        const stop = () => {
            speechSynthesis.cancel();
            button.textContent = start;
        };
        button.addEventListener("click", () => {
            if (speechSynthesis.speaking) return stop();
            const words = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
            words.lang = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
            words.onend = stop;
            button.textContent = place.dataset.aloudStop;
            speechSynthesis.speak(words);
        });
        addEventListener("pagehide", stop);
    });
})();
