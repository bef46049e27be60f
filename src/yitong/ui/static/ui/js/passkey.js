// Passkeys: the browser's part of making one and of logging in with one. Without it the password form still works.
"use strict";

(() => {
    if (!window.PublicKeyCredential) return;
    const bytes = (text) =>
        Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
    const text = (buffer) =>
        btoa(String.fromCharCode(...new Uint8Array(buffer)))
            .replace(/\+/g, "-")
            .replace(/\//g, "_")
            .replace(/=+$/, "");
    const list = (found) => (found || []).map((one) => ({ ...one, id: bytes(one.id) }));

    const make = async (asked) => {
        const options = { ...asked, challenge: bytes(asked.challenge), excludeCredentials: list(asked.excludeCredentials) };
        options.user = { ...asked.user, id: bytes(asked.user.id) };
        const made = await navigator.credentials.create({ publicKey: options });
        return {
            id: made.id,
            rawId: text(made.rawId),
            type: made.type,
            clientExtensionResults: made.getClientExtensionResults(),
            response: {
                clientDataJSON: text(made.response.clientDataJSON),
                attestationObject: text(made.response.attestationObject),
                transports: made.response.getTransports ? made.response.getTransports() : [],
            },
        };
    };

    const show = async (asked) => {
        const options = { ...asked, challenge: bytes(asked.challenge), allowCredentials: list(asked.allowCredentials) };
        const shown = await navigator.credentials.get({ publicKey: options });
        return {
            id: shown.id,
            rawId: text(shown.rawId),
            type: shown.type,
            clientExtensionResults: shown.getClientExtensionResults(),
            response: {
                clientDataJSON: text(shown.response.clientDataJSON),
                authenticatorData: text(shown.response.authenticatorData),
                signature: text(shown.response.signature),
                userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null,
            },
        };
    };

    // The server's question stands in the page, or is fetched when the button is pressed.
    const question = async (form) => {
        const place = document.getElementById("passkey-options");
        if (place) return JSON.parse(place.textContent);
        const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
    };

    document.querySelectorAll("form[data-passkey]").forEach((form) => {
        form.hidden = false;
        const button = form.querySelector("button");
        const words = form.querySelector("[data-passkey-failed]");
        form.addEventListener("submit", async (event) => {
            const answer = form.elements.namedItem("credential");
            event.preventDefault();
            event.stopImmediatePropagation();
            button.disabled = true;
            words.hidden = true;
            try {
                const asked = await question(form);
                const options = (asked.request_options || asked.creation_options || asked).publicKey;
                answer.value = JSON.stringify(await (form.dataset.passkey === "make" ? make : show)(options));
                button.disabled = false;
                form.submit();
            } catch {
                button.disabled = false;
                words.hidden = false;
                words.focus();
            }
        }, true);
    });
})();
