// The keys of the inbox, and the preview that follows them. Without a script every row is a link and the form a form.
"use strict";

(() => {
    const rows = [...document.querySelectorAll(".inbox-row")];
    const preview = document.getElementById("preview");
    if (!rows.length || !preview) return;
    let at = Math.max(rows.findIndex((row) => row.classList.contains("selected")), 0);

    const show = async (row) => {
        const address = row.dataset.preview;
        const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok || rows[at] !== row) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const other = page.getElementById("preview");
        if (other) preview.replaceChildren(...other.childNodes);
        history.replaceState(null, "", address);
    };

    const select = (number) => {
        if (number < 0 || number >= rows.length) return;
        rows[at].classList.remove("selected");
        rows[at].removeAttribute("aria-current");
        at = number;
        const row = rows[at];
        row.classList.add("selected");
        row.setAttribute("aria-current", "true");
        row.querySelector(".inbox-subject a").focus({ preventScroll: true });
        row.scrollIntoView({ block: "nearest" });
        show(row);
    };

    const acts = {
        j: () => select(at + 1),
        k: () => select(at - 1),
        Enter: () => rows[at].querySelector(".inbox-subject a").click(),
        x: () => {
            const box = rows[at].querySelector("[type=checkbox]");
            box.checked = !box.checked;
        },
        d: () => {
            if (!rows.some((row) => row.querySelector("[type=checkbox]").checked)) acts.x();
            document.getElementById("chosen").requestSubmit();
        },
    };

    // Off while one types, and while a link or button has the key for itself (2.1.4).
    addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        if (!acts[key] || localStorage.getItem("inbox-keys") === "off") return;
        if (key === "Enter" && event.target.closest("a, button, summary")) return;
        event.preventDefault();
        acts[key]();
    });

    for (const row of rows) {
        row.addEventListener("click", (event) => {
            if (event.target.closest("a, input, label")) return;
            select(rows.indexOf(row));
        });
    }
})();
