// Starts the documentation page of the API; a file of its own because the content policy allows no inline script.
const csrf = async () => {
  const answer = await fetch("/api/v1/me", { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).csrf : null;
};

window.addEventListener("DOMContentLoaded", async () => {
  const token = await csrf().catch(() => null);
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    filter: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRF-Token"] = token;
      return request;
    },
  });
});
